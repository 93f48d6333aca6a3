import type { Provider } from './exchange.ts'

/** Something that a client must not do and did. */
export interface ModelViolation {
  kind: 'too_many_requests' | 'too_many_tokens' | 'too_early' | 'invalid_request'
  service: Provider
  /** ISO 8601. */
  time: string
  detail: string
}

/** What the model servers were asked, counted. */
export interface ModelCalls {
  /** By provider and task, as `openai screen`. */
  byTask: Record<string, number>
  /** By provider and what came of it, as `openai answered` or `google rate_limit`. */
  byOutcome: Record<string, number>
  /** Calls with the words of one that had been answered in full and without fault before. */
  paidTwice: number
  /** Of the first hundred of those, what was asked and how many milliseconds after its words were answered before: tells a retry from a lost claim. */
  paidAgain: { task: string; after: number }[]
  /** Tokens of all answers, delivered or not. */
  tokens: { input: number; output: number }
}

/** Keeps count of calls and violations for all servers of a laboratory. */
export function createJournal() {
  const violations: ModelViolation[] = []
  const calls: ModelCalls = {
    byTask: {},
    byOutcome: {},
    paidTwice: 0,
    paidAgain: [],
    tokens: { input: 0, output: 0 },
  }
  const asked = new Map<string, number>()
  const answered = new Map<string, number>()
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
    violate: (service: Provider, kind: ModelViolation['kind'], detail: string) =>
      violations.push({ kind, service, time: new Date().toISOString(), detail }),
    task: (provider: Provider, task: string) => count(calls.byTask, `${provider} ${task}`),
    outcome: (provider: Provider, outcome: string) => count(calls.byOutcome, `${provider} ${outcome}`),
    used(input: number, output: number) {
      calls.tokens.input += input
      calls.tokens.output += output
    },
    /** An answer that reached its client; without fault, nobody needs to ask it again. */
    delivered(key: string, task: string, isFaultless: boolean) {
      const before = answered.get(key)
      if (before !== undefined) {
        calls.paidTwice++
        if (calls.paidAgain.length < 100) calls.paidAgain.push({ task, after: Date.now() - before })
      }
      if (isFaultless) answered.set(key, Date.now())
    },
  }
}
export type Journal = ReturnType<typeof createJournal>
