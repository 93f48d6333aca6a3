import { expect, test } from 'vitest'
import { priceOf, spendingOf } from './prices.ts'

test('finds a price by name, by the name of a dated version, and in the settings first', () => {
  expect(priceOf('openai/gpt-5-nano-2025-08-07')).toEqual(priceOf('openai/gpt-5-nano'))
  expect(priceOf('anthropic/claude-haiku-4-5-20251001')).toEqual({ input: 1, cachedInput: 0.1, output: 5 })
  expect(priceOf('openai/gpt-5-nano-2025-08-07', { 'openai/gpt-5-nano': { input: 9, output: 9 } })).toEqual({
    input: 9,
    output: 9,
  })
})

test('knows no price of what nobody priced', () => {
  expect(priceOf('compatible/llama3')).toBeUndefined()
  expect(priceOf('constructor')).toBeUndefined()
  expect(spendingOf({ inputTokens: 5, outputTokens: 5 }, undefined)).toEqual({ tokens: 10, cost: undefined })
  expect(spendingOf({ inputTokens: 0, outputTokens: 0 }, undefined)).toEqual({ tokens: 0, cost: 0 })
})

test('charges plain, cached and newly cached input each at its price', () => {
  const usage = {
    inputTokens: 1_000_000,
    cachedTokens: 400_000,
    cacheWriteTokens: 100_000,
    outputTokens: 1_000_000,
    reasoningTokens: 900_000,
  }
  const { tokens, cost } = spendingOf(usage, { input: 2, cachedInput: 0.2, output: 10 })!
  expect(tokens).toBe(2_000_000)
  expect(cost).toBeCloseTo(0.5 * 2 + 0.4 * 0.2 + 0.1 * 2 * 1.25 + 10)
  expect(spendingOf(usage, { input: 2, output: 10 })!.cost).toBeCloseTo(0.9 * 2 + 0.25 + 10)
})

test('says nothing where the provider did not say what it took', () => {
  expect(spendingOf({ inputTokens: 5 }, { input: 1, output: 1 })).toBeUndefined()
})
