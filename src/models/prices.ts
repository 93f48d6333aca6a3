import type { Usage } from '../store/model-answers.ts'
import type { Spending } from '../store/model-calls.ts'

/** US dollars for a million tokens. */
export interface Price {
  readonly input: number
  /** Of input that the provider had cached. Default: as other input. */
  readonly cachedInput?: number | undefined
  readonly output: number
}

/** Prices by `provider/model`. */
export type Prices = Readonly<Record<string, Price>>

/** Where a provider reports input that it wrote to a cache, that costs so many times the input (Anthropic, OpenAI). */
const cacheWriteFactor = 1.25

/**
 * Standard prices of prompts of ordinary length, as read in November 2026: Anthropic's at
 * platform.claude.com/docs/en/about-claude/pricing; gpt-5-nano at developers.openai.com/api/docs/models; the others of
 * OpenAI and Google in two price lists each that quote the providers' own. They change: those of the settings go before
 * these, and a model that is in neither has no known price.
 */
const listPrices: Prices = {
  'openai/gpt-5-nano': { input: 0.05, cachedInput: 0.005, output: 0.4 },
  'openai/gpt-5.4': { input: 2.5, cachedInput: 0.25, output: 15 },
  'openai/gpt-5.4-mini': { input: 0.75, cachedInput: 0.075, output: 4.5 },
  'anthropic/claude-opus-5-5': { input: 4, output: 20 },
  'anthropic/claude-opus-5': { input: 5, cachedInput: 0.5, output: 25 },
  'anthropic/claude-sonnet-5-5': { input: 2, output: 10 },
  'anthropic/claude-sonnet-4-6': { input: 3, cachedInput: 0.3, output: 15 },
  'anthropic/claude-haiku-4-5': { input: 1, cachedInput: 0.1, output: 5 },
  'google/gemini-2.5-flash': { input: 0.3, output: 2.5 },
  'google/gemini-2.5-flash-lite': { input: 0.1, output: 0.4 },
}

/** The price of a model, by its own name or, for a dated version, by the name before the date. Undefined when unknown. */
export function priceOf(name: string, own: Prices = {}): Price | undefined {
  const undated = name.replace(/-(\d{8}|\d{4}-\d{2}-\d{2})$/, '')
  for (const prices of [own, listPrices])
    for (const key of [name, undated]) if (Object.hasOwn(prices, key)) return prices[key]
  return undefined
}

/** What a call came to. Undefined when the provider did not say how many tokens it took. */
export function spendingOf(usage: Usage, price: Price | undefined): Spending | undefined {
  const { inputTokens, outputTokens, cachedTokens = 0, cacheWriteTokens = 0 } = usage
  if (inputTokens === undefined || outputTokens === undefined) return undefined
  const tokens = inputTokens + outputTokens
  if (price === undefined) return { tokens, cost: tokens === 0 ? 0 : undefined }
  const plain = Math.max(0, inputTokens - cachedTokens - cacheWriteTokens)
  const dollars =
    plain * price.input +
    cachedTokens * (price.cachedInput ?? price.input) +
    cacheWriteTokens * price.input * cacheWriteFactor +
    outputTokens * price.output
  return { tokens, cost: dollars / 1e6 }
}
