import type { Failure, Limits } from './exchange.ts'
import type { ModelProvider } from './provider.ts'

/** How long a provider keeps to a refusal that came without a limit, in milliseconds. */
const pause = 1_000
/** Requests that come this soon after a refusal may have been on their way. */
const onTheirWay = 250

/** Keeps a provider's limits at one of its routes, and counts those who pass them. */
export function createGate({ provider, requests, tokens, journal, now: clock }: ModelProvider) {
  let paused: { from: number; until: number } | undefined
  return {
    /** The failure of a request that comes too early or beyond a limit; counts it as the client's fault. */
    beyond(input: number): Failure | undefined {
      const now = clock()
      if (paused && now < paused.until) {
        if (now > paused.from + onTheirWay)
          journal.violate(provider, 'too_early', 'asked again before the time it had been told')
        return { kind: 'rate_limit', of: 'requests', retryAfter: paused.until - now, limit: requests.limit }
      }
      for (const [name, meter, amount] of [
        ['requests', requests, 1],
        ['tokens', tokens, input],
      ] as const) {
        const retryAfter = meter.wait(amount, now)
        if (retryAfter === 0) continue
        journal.violate(provider, `too_many_${name}`, `${amount} more than ${meter.limit} in a minute`)
        return { kind: 'rate_limit', of: name, retryAfter: Math.min(retryAfter, 60_000), limit: meter.limit }
      }
      requests.take(1, now)
      tokens.take(input, now)
      return undefined
    },
    /** Refuses what comes in the next second, and this request. */
    close(): Failure {
      const now = clock()
      paused = { from: now, until: now + pause }
      return { kind: 'rate_limit', of: 'requests', retryAfter: pause, limit: requests.limit }
    },
    limits(): Limits {
      const now = clock()
      return { requests: requests.state(now), tokens: tokens.state(now) }
    },
  }
}
