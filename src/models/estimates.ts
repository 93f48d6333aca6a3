import type { Usage } from '../store/model-answers.ts'

/** Tokens that a call may take. */
export interface Estimate {
  readonly input: number
  readonly output: number
}

/** Guesses what calls take, from what calls of the same kind took. */
export interface Estimates {
  /** The most that a call is taken to use, for budgets that must not be passed: its whole answer, and a careful count of its input. */
  most(kind: string, bytes: number, maxOutputTokens: number): Estimate
  /** What to reserve of limits: most calls stay below it, and it is corrected as soon as a call has ended. */
  likely(kind: string, bytes: number, maxOutputTokens: number): Estimate
  learn(kind: string, bytes: number, usage: Usage): void
}

/**
 * Bytes of UTF-8 for one token, where nothing is known: English has four, other scripts and figures fewer (Gemini's
 * documentation: “approximately 4 bytes”).
 */
const bytesPerToken = 3
/** Providers wrap what they are sent: roles, and where they take a schema as a tool, words about tools. */
const wrapping = 300
/** From so many calls on, what they took is better than a rule. */
const enough = 3
/** Weight of the newest call in the running means. */
const weight = 0.1

interface Running {
  mean: number
  variance: number
}

/** Keeps running means of each kind of call (a task at a model), in this process. */
export function createEstimates(): Estimates {
  const kinds = new Map<string, { calls: number; perByte: Running; output: Running }>()

  const inputOf = (kind: string, bytes: number) => {
    const known = kinds.get(kind)
    return known !== undefined && known.calls >= enough ? Math.ceil(bytes * high(known.perByte)) : undefined
  }

  return {
    most(kind, bytes, maxOutputTokens) {
      const careful = Math.ceil(bytes / bytesPerToken) + wrapping
      return { input: Math.max(careful, inputOf(kind, bytes) ?? 0), output: maxOutputTokens }
    },
    likely(kind, bytes, maxOutputTokens) {
      const input = inputOf(kind, bytes)
      if (input === undefined) return this.most(kind, bytes, maxOutputTokens)
      return { input, output: Math.min(maxOutputTokens, Math.ceil(high(kinds.get(kind)!.output))) }
    },
    learn(kind, bytes, { inputTokens, outputTokens }) {
      if (inputTokens === undefined || outputTokens === undefined || bytes === 0) return
      const known = kinds.get(kind)
      const perByte = inputTokens / bytes
      if (known === undefined) {
        const first = (mean: number) => ({ mean, variance: 0 })
        kinds.set(kind, { calls: 1, perByte: first(perByte), output: first(outputTokens) })
        return
      }
      known.calls += 1
      const share = Math.max(weight, 1 / known.calls)
      follow(known.perByte, perByte, share)
      follow(known.output, outputTokens, share)
    },
  }
}

/** Mean and variance with exponentially falling weights (Finch, 2009, “Incremental calculation of weighted mean and variance”). */
function follow(running: Running, value: number, share: number): void {
  const difference = value - running.mean
  running.mean += share * difference
  running.variance = (1 - share) * (running.variance + share * difference ** 2)
}

/** A standard deviation above the mean: for one call a little, for the sum of several under way at once ample. */
function high({ mean, variance }: Running): number {
  return mean + Math.sqrt(variance)
}
