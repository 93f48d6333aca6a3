import {
  APICallError,
  generateText,
  type LanguageModel,
  NoObjectGeneratedError,
  Output,
  streamText,
} from 'ai'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { writeMaterial } from '../../src/analysts/model/material.ts'
import { modelClients } from '../../test/support/model-clients.ts'
import type { ModelFaults } from './faults.ts'
import { noFaults } from './faults.ts'
import { type ModelLab, startModelLab } from './model-lab.ts'

const names = [
  'OpenAI Responses',
  'OpenAI chat',
  'Gemini',
  'Anthropic format',
  'Anthropic tool',
  'compatible',
] as const
const schema = z.object({
  decisions: z.array(
    z.object({
      id: z.string(),
      tier: z.enum(['core', 'background', 'exclude']),
      reason: z.string(),
      score: z.number(),
      rationale: z.string().nullable(),
    }),
  ),
})
const prompt = writeMaterial('screen', [
  { kind: 'review', question: 'Do lanterns drift?', concepts: [['lantern'], ['drift']] },
  { kind: 'paper', id: 'p1', title: 'The drift of lanterns', abstract: 'Lanterns drift.' },
  { kind: 'paper', id: 'p2', title: 'On soup' },
])
const expected = {
  decisions: [
    expect.objectContaining({ id: 'p1', tier: 'core' }),
    expect.objectContaining({ id: 'p2', tier: 'exclude' }),
  ],
}

let lab: ModelLab
let clients: Record<(typeof names)[number], LanguageModel>
const faults = (changes: Partial<ModelFaults>) => lab.setFaults({ ...noFaults, wrong: 0, ...changes })

beforeAll(async () => {
  lab = await startModelLab()
  clients = modelClients(lab)
})
beforeEach(() => faults({}))
afterAll(() => lab.close())

const question = (model: LanguageModel) => ({
  model,
  instructions: 'You screen papers.',
  prompt,
  output: Output.object({ schema }),
  maxOutputTokens: 2_000,
  maxRetries: 0,
})
const generate = (model: LanguageModel) => generateText(question(model))
async function stream(model: LanguageModel) {
  const failures: unknown[] = []
  const result = streamText({ ...question(model), onError: ({ error }) => void failures.push(error) })
  await result.consumeStream()
  return { result, failures }
}

describe.each(names)('%s', (name) => {
  test('answers whole and streamed, in the shape asked for, with usage', async () => {
    const whole = await generate(clients[name])
    expect(whole.output).toEqual(expected)
    expect(whole.finishReason).toBe('stop')
    const { result } = await stream(clients[name])
    expect(await result.output).toEqual(whole.output)
    for (const usage of [whole.usage, await result.usage]) {
      expect(usage.inputTokens).toBe(Math.ceil(Buffer.byteLength(prompt) / 4) + 5)
      expect(usage.outputTokens).toBeGreaterThan(20)
    }
    expect(lab.violations()).toEqual([])
  })

  test('fails in its own words', async () => {
    const statusOf = async (changes: Partial<ModelFaults>) => {
      faults(changes)
      const thrown: unknown = await generate(clients[name]).catch((failure: unknown) => failure)
      if (!APICallError.isInstance(thrown)) throw thrown
      return thrown
    }
    expect((await statusOf({ serverError: 1 })).statusCode).toBe(500)
    expect((await statusOf({ overloaded: 1 })).statusCode).toBe(name.startsWith('Anthropic') ? 529 : 503)
    const quota = await statusOf({ quotaGone: true })
    expect(quota.statusCode).toBe(name.startsWith('Anthropic') ? 400 : 429)
    expect(quota.responseBody).toMatch(/insufficient_quota|PerDay|credit balance/)
    expect((await statusOf({ down: true })).statusCode).toBeUndefined()
  })

  test('spoils answers', async () => {
    faults({ malformed: 1 })
    await expect(generate(clients[name]).then(({ output }) => output)).rejects.toSatisfy(
      name === 'Anthropic tool' ? Boolean : NoObjectGeneratedError.isInstance,
    )
    faults({ refused: 1 })
    await expect(generate(clients[name]).then(({ output }) => output)).rejects.toThrow()
  })

  test('loses its quota in the middle of a stream', async () => {
    faults({ quotaMidStream: 1 })
    const { failures } = await stream(clients[name])
    expect(failures.map((failure) => `${failure} ${JSON.stringify(failure)}`).join()).toMatch(
      /quota|credit balance/,
    )
  })

  test('cuts an answer where its bound is', async () => {
    const { finishReason } = await generateText({
      ...question(clients[name]),
      maxOutputTokens: 16,
      output: Output.text(),
    })
    expect(finishReason).toBe('length')
  })
})

test('what the real ones refuse is refused and counted', async () => {
  const own = await startModelLab()
  const { 'OpenAI Responses': openai, 'Anthropic format': anthropic } = modelClients(own)
  const loose = Output.object({ schema: z.object({ answer: z.string().optional() }) })
  await expect(generateText({ ...question(openai), output: loose })).rejects.toThrow(/required/)
  const response = await fetch(`${own.baseUrls.anthropic}/messages`, { method: 'POST', body: '{"model":1}' })
  expect(response.status).toBe(400)
  expect(own.violations().map(({ service }) => service)).toEqual(['openai', 'anthropic'])
  await generate(anthropic)
  expect(own.violations()).toHaveLength(2)
  await own.close()
})
