import type { z } from 'zod'
import { SheafError } from '../../errors.ts'
import type { ModelGateway, Prompt } from '../../models/gateway.ts'
import { type MaterialLine, writeMaterial } from './material.ts'

/** What in a task's answers could not be used; for a log or a count, nothing else depends on it. */
export interface Unusable {
  /** As the prompt names it. */
  task: string
  /** Identifiers, pages or quotations that are not among what was asked about, and entries given twice. */
  unknown: number
  /** What was asked about and has no usable answer. */
  missing: number
}

/** Whom a task asks, and for whom. */
export interface Asking {
  gateway: ModelGateway
  session: string
  signal: AbortSignal | undefined
  onUnusable: (unusable: Unusable) => void
}

/** A kind of question: its instructions, and the shape and the bound of its answer. */
export interface QuestionKind<Answer> {
  prompt: Prompt
  answer: z.ZodType<Answer>
  maxOutputTokens: number
}

/** Asks one question; `attempt` is 1 when the answer that is kept to these words could not be used. */
export async function ask<Answer>(
  { gateway, session, signal }: Asking,
  { prompt, answer, maxOutputTokens }: QuestionKind<Answer>,
  lines: readonly MaterialLine[],
  attempt = 0,
): Promise<Answer> {
  signal?.throwIfAborted()
  const input = writeMaterial(prompt.task, lines)
  const { value } = await gateway.ask({ prompt, input, answer, maxOutputTokens, session, attempt, signal })
  return value
}

/** Asks one question, and once more when its answer cannot be used, which `use` says by giving nothing. */
export async function askTwice<Answer, Used>(
  asking: Asking,
  kind: QuestionKind<Answer>,
  lines: readonly MaterialLine[],
  use: (answer: Answer) => Used | undefined,
): Promise<Used | undefined> {
  for (const attempt of [0, 1]) {
    try {
      const used = use(await ask(asking, kind, lines, attempt))
      if (used !== undefined) return used
    } catch (thrown) {
      if (attempt === 1 || !isNoAnswer(thrown)) throw thrown
    }
    asking.onUnusable({ task: kind.prompt.task, unknown: 0, missing: 1 })
  }
  return undefined
}

/**
 * Whether models answered, but with nothing of the right shape: a refusal, or words that are no JSON. That is the
 * question's fault more likely than the provider's, so another batch may do better.
 */
export function isNoAnswer(thrown: unknown): thrown is SheafError {
  return SheafError.isInstance(thrown) && thrown.code === 'upstream_failed' && !thrown.retryable
}
