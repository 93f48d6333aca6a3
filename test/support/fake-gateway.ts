import { type MaterialLine, readMaterial } from '../../src/analysts/model/material.ts'
import { SheafError } from '../../src/errors.ts'
import type { ModelGateway, Question } from '../../src/models/gateway.ts'

/** A question as the fake model sees it. */
export interface AskedQuestion {
  task: string
  lines: MaterialLine[]
  attempt: number
  input: string
  instructions: string
}

/** Models behind a gateway that answer as a test says; every question is kept in `asked`. */
export function fakeGateway(answer: (question: AskedQuestion) => unknown): ModelGateway & {
  asked: AskedQuestion[]
} {
  const asked: AskedQuestion[] = []
  return {
    asked,
    async ask<Answer>({ prompt, input, answer: shape, attempt = 0, signal }: Question<Answer>) {
      signal?.throwIfAborted()
      const question = { ...readMaterial(input), attempt, input, instructions: prompt.instructions }
      asked.push(question)
      await Promise.resolve()
      const parsed = shape.safeParse(answer(question))
      if (!parsed.success) throw noAnswer()
      return { value: parsed.data, model: 'fake/model', kept: false }
    },
  }
}

/** What a gateway throws when models answered, but never in the shape that was asked for. */
export function noAnswer(): SheafError {
  return new SheafError('upstream_failed', 'No provider gave an answer of the right shape.')
}

/** The lines of one kind, as a test's model reads them. */
export function linesOf(question: AskedQuestion, kind: string): MaterialLine[] {
  return question.lines.filter((line) => line.kind === kind)
}
