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
}

/** Prepares a question: the same words, shape and attempt give the same keys in every process. */
export function prepare<Answer>(question: Question<Answer>): PreparedQuestion {
  const { prompt, input, answer, attempt = 0, maxOutputTokens } = question
  const schema = JSON.stringify(
    z.toJSONSchema(answer, { target: 'draft-7', io: 'input', unrepresentable: 'any' }),
  )
  const hash = sha256([
    prompt.task,
    prompt.version,
    prompt.instructions,
    input,
    schema,
    maxOutputTokens,
    attempt,
  ])
  return {
    schema,
    hash,
    keyFor: ({ name, settings }) => sha256([name, settings.temperature, settings.reasoning, hash]),
  }
}

function sha256(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
