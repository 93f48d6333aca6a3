import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Question } from './gateway.ts'
import type { Provider } from './providers.ts'

/** A question made ready to be asked and found again. */
export interface PreparedQuestion {
  /** The shape of its answer, as JSON Schema (draft 7) text. */
  readonly schema: string
  /** SHA-256 of the question, whoever answers it: two who ask it at once become one. */
  readonly hash: string
  /** SHA-256 under which a provider's answer to it is kept. */
  keyFor(provider: Provider): string
  /**
   * Where an answer may stand, the likeliest first: that of any provider, in their order, and of a later attempt, which a review
   * with another history may have made with the same words.
   */
  keysFor(providers: readonly Provider[]): string[]
}

/** The number of the last attempt that is ever made with the same words. */
const lastAttempt = 1

/** Prepares a question: the same words, shape and attempt give the same keys in every process. */
export function prepare<Answer>(question: Question<Answer>): PreparedQuestion {
  const { prompt, input, answer, attempt = 0, maxOutputTokens } = question
  const schema = JSON.stringify(
    z.toJSONSchema(answer, { target: 'draft-7', io: 'input', unrepresentable: 'any' }),
  )
  const words = [prompt.task, prompt.version, prompt.instructions, input, schema, maxOutputTokens]
  const hashOf = (time: number) => sha256([...words, time])
  const key = ({ name, settings }: Provider, time: number) =>
    sha256([name, settings.temperature, settings.reasoning, hashOf(time)])
  const times = Array.from({ length: Math.max(1, lastAttempt - attempt + 1) }, (_, later) => attempt + later)
  return {
    schema,
    hash: hashOf(attempt),
    keyFor: (provider) => key(provider, attempt),
    keysFor: (providers) => times.flatMap((time) => providers.map((provider) => key(provider, time))),
  }
}

function sha256(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
