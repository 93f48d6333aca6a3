import { createHash } from 'node:crypto'
import { ZodError, z } from 'zod'
import { tokenize } from '../../src/methods/text/tokens.ts'
import { type Failure, type FailureResponse, type Shape, tokensOf } from './exchange.ts'
import { faultOf } from './faults.ts'
import { createGate } from './gate.ts'
import type { ModelProvider, Response } from './provider.ts'

/** One provider's way of writing requests for vectors and answers to them. */
export interface EmbeddingShape extends Pick<Shape, 'failure' | 'limitHeaders'> {
  /** @throws {ZodError} when the body is none of a request */
  readTexts(body: unknown): string[]
  answer(vectors: readonly number[][], tokens: number): unknown
}

/** Components of the laboratory's vectors. */
const dimensions = 256
/** Texts that one request may hold, at the strictest of the providers (Gemini). */
const mostTexts = 100

/** Answers requests for vectors, within the provider's limits and with its faults. */
export function createEmbedding(of: ModelProvider, shape: EmbeddingShape) {
  const { provider, seed, journal } = of
  const gate = createGate(of)
  const refuse = (failure: Failure): FailureResponse => {
    journal.outcome(provider, failure.kind)
    return shape.failure(failure)
  }

  return async (body: unknown): Promise<Response | undefined> => {
    if (of.faults.down) {
      journal.outcome(provider, 'down')
      return undefined
    }
    let texts: string[]
    try {
      texts = z.array(z.string().min(1)).min(1).max(mostTexts).parse(shape.readTexts(body))
    } catch (thrown) {
      if (!(thrown instanceof ZodError)) throw thrown
      journal.violate(provider, 'invalid_request', thrown.message)
      return refuse({ kind: 'invalid', message: thrown.message })
    }
    if (of.faults.quotaGone) return refuse({ kind: 'quota' })
    const input = texts.reduce((sum, text) => sum + tokensOf(text), 0)
    const beyond = gate.beyond(input)
    if (beyond) return refuse(beyond)

    const keys = texts.map((text) => createHash('sha256').update(`embed ${text}`).digest('hex'))
    const times = Math.max(...keys.map((key) => journal.timesBefore(key)))
    const fault = faultOf(of.faults, seed, provider, keys[0]!, times)
    if (fault === 'serverError') return refuse({ kind: 'server_error' })
    if (fault === 'overloaded') return refuse({ kind: 'overloaded' })
    if (fault === 'rateLimited') return refuse(gate.close())
    journal.task(provider, 'embed')
    journal.used(input, 0)
    journal.outcome(provider, 'answered')
    for (const key of keys) journal.delivered(key, 'embed', true)
    return {
      status: 200,
      headers: shape.limitHeaders(gate.limits(), new Date()),
      body: shape.answer(texts.map(vectorOf), input),
    }
  }
}

/**
 * A unit vector: the sum of directions that a text's stems decide, each once more for each time it occurs, by its root. So
 * texts with the same words are near, and those without a common word about at right angles.
 */
function vectorOf(text: string): number[] {
  const counts = new Map<string, number>()
  for (const stem of tokenize(text, { compounds: false })) counts.set(stem, (counts.get(stem) ?? 0) + 1)
  const sum = new Array<number>(dimensions).fill(0)
  for (const [stem, count] of counts)
    for (const [at, byte] of createHash('shake256', { outputLength: dimensions })
      .update(stem)
      .digest()
      .entries())
      sum[at]! += Math.sqrt(count) * (byte - 127.5)
  const length = Math.hypot(...sum) || 1
  return sum.map((value) => value / length)
}
