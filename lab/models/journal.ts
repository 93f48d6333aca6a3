import type { Provider } from './exchange.ts'

/** What a client did that no client may do. */
export interface ModelViolation {
  provider: Provider
  what:
    | 'requests over the limit'
    | 'tokens over the limit'
    | 'asked before the time it was told'
    | 'a request that cannot be read'
}

/** What the model servers were asked, counted. */
export interface ModelCalls {
  /** By provider and task, as `openai screen`. */
  byTask: Record<string, number>
  /** By provider and what came of it, as `openai answered` or `google rate_limit`. */
  byOutcome: Record<string, number>
  /** Calls with the words of one that had been answered in full and without fault before. */
  paidTwice: number
  /** Tokens of all answers, delivered or not. */
  tokens: { input: number; output: number }
}

/** Keeps count of calls and violations for all servers of a laboratory. */
export function createJournal() {
  const violations: ModelViolation[] = []
  const calls: ModelCalls = { byTask: {}, byOutcome: {}, paidTwice: 0, tokens: { input: 0, output: 0 } }
  const asked = new Map<string, number>()
  const answered = new Set<string>()
  const count = (counts: Record<string, number>, key: string) => {
    counts[key] = (counts[key] ?? 0) + 1
  }
  return {
    violations,
    calls,
    /** How often these words had come before; counts this time. */
    timesBefore(key: string): number {
      const times = asked.get(key) ?? 0
      asked.set(key, times + 1)
      return times
    },
    violation: (provider: Provider, what: ModelViolation['what']) => violations.push({ provider, what }),
    task: (provider: Provider, task: string) => count(calls.byTask, `${provider} ${task}`),
    outcome: (provider: Provider, outcome: string) => count(calls.byOutcome, `${provider} ${outcome}`),
    used(input: number, output: number) {
      calls.tokens.input += input
      calls.tokens.output += output
    },
    /** An answer that reached its client; without fault, nobody needs to ask it again. */
    delivered(key: string, isFaultless: boolean) {
      if (answered.has(key)) calls.paidTwice++
      if (isFaultless) answered.add(key)
    },
  }
}
export type Journal = ReturnType<typeof createJournal>
