import { z } from 'zod'
import type { Pause, Service, UpstreamResponse } from '../../upstream/upstream.ts'
import { number, text } from '../live/answers.ts'
import { plainText } from '../live/plain-text.ts'

const day = 24 * 60 * 60 * 1000

/**
 * OpenAlex's terms, for everybody or for holders of a free key: requests, credits for a day (reset at 00:00 UTC), and requests
 * with more than five boolean operators (`boolean`). Single works are free, and go on when the credits are gone.
 */
export function openalexService(hasKey: boolean): Service {
  return {
    name: 'openalex',
    title: 'OpenAlex',
    limits: [
      { name: 'requests', max: hasKey ? 30 : 10, window: 1_000 },
      { name: 'credits', max: hasKey ? 10_000 : 1_000, window: day },
      { name: 'boolean', max: hasKey ? 5 : 1, window: 1_000 },
    ],
    patience: 30_000,
    timeout: 30_000,
    attempts: 4,
    guarded: false,
    pause,
  }
}

/** What requests of each kind take of the limits. */
export const searchUnits = (operators: number) => ({ credits: 10, boolean: operators > 5 ? 1 : 0 })
export const listUnits = { credits: 1, boolean: 0 }
export const singleUnits = { credits: 0, boolean: 0 }

const refusalSchema = z.object({
  message: text,
  retryAfter: number,
  creditsRequired: number,
  creditsRemaining: number,
})

/**
 * Which limit an answer closes, and until when, as far as OpenAlex says so. A refusal for lack of credits comes with a wait of
 * hours, and must not stop requests that cost none; the last credits are seen coming in the headers of a good answer.
 */
function pause({ status, headers, body }: UpstreamResponse): Pause | undefined {
  const reset = secondsIn(headers['x-ratelimit-reset'])
  if (status !== 429) {
    const left = Number(headers['x-ratelimit-remaining'] ?? Number.NaN)
    const bought = Number(headers['x-ratelimit-prepaid-remaining-usd'] ?? 0)
    return left < 10 && !(bought > 0) ? pauseFor('credits', reset) : undefined
  }
  const said = refusalSchema.safeParse(parsed(body)).data
  const wait = secondsIn(said?.retryAfter) ?? secondsIn(headers['retry-after'])
  const lacking = (said?.creditsRequired ?? 0) > (said?.creditsRemaining ?? Number.POSITIVE_INFINITY)
  if (lacking || (wait ?? 0) > 60) return pauseFor('credits', wait ?? reset)
  return pauseFor(/boolean/i.test(plainText(said?.message)) ? 'boolean' : 'requests', wait)
}

function pauseFor(limit: 'credits' | 'boolean' | 'requests', seconds: number | undefined): Pause | undefined {
  if (seconds === undefined) return undefined
  const reason =
    limit === 'credits' ? 'OpenAlex’s credits for today are used up.' : 'OpenAlex asks for fewer requests.'
  return { limit, until: new Date(Date.now() + Math.max(1, seconds) * 1_000), reason }
}

/** A number of seconds within a day; undefined for anything else. */
function secondsIn(value: string | number | null | undefined): number | undefined {
  const seconds = Number(value ?? Number.NaN)
  return seconds >= 0 ? Math.min(seconds, day / 1_000) : undefined
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    // A gateway's page, not OpenAlex's own word; the headers are left.
    return undefined
  }
}
