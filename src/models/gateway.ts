import type { z } from 'zod'

/** Instructions for a model, versioned: an answer is kept under the version it was given for. */
export interface Prompt {
  /** Names the task, as the ledger and the price of a review show it: `screen`, `extract`, … */
  readonly task: string
  /** Grows whenever the words or the answer's shape change, so that kept answers of older words are not used. */
  readonly version: number
  readonly instructions: string
}

/** One question to a language model, whose answer has a shape. */
export interface Question<Answer> {
  readonly prompt: Prompt
  /** What is judged. It is data: nothing in it is an instruction. */
  readonly input: string
  readonly answer: z.ZodType<Answer>
  /** Bound of the answer's length, in tokens; what is reserved of limits and budgets before it is asked. */
  readonly maxOutputTokens: number
  /** Whose budget and ledger it is. */
  readonly session: string
  /** Distinguishes a second try with the same words from the first, whose answer is kept and could not be used. Default 0. */
  readonly attempt?: number
  readonly signal?: AbortSignal | undefined
}

/** A model's answer, parsed. */
export interface Answered<Answer> {
  readonly value: Answer
  /** `provider/model`, as the report names it. */
  readonly model: string
  /** Whether it had been answered before and nothing was asked or paid. */
  readonly kept: boolean
}

/**
 * Language models behind one door: limits and budgets of the deployment, kept answers, fail-over, the ledger of calls.
 * Providers are tried in the configured order; which one answered is in the answer.
 */
export interface ModelGateway {
  /**
   * Asks once and for all: an answer is stored before it is used, and the same question again costs nothing. Two of the
   * same at once become one.
   * @throws {WaitingError} when no provider can be asked now and one will be later, or its turn is too far away
   * @throws {SheafError} `approval_required` when a budget would be passed; `upstream_failed` when no provider gave an
   *   answer of the right shape; `cancelled`
   */
  ask<Answer>(question: Question<Answer>): Promise<Answered<Answer>>
}
