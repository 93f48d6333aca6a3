import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { EmbeddingModel, LanguageModel } from 'ai'
import { Agent, fetch } from 'undici'
import type { TurnRequest } from '../limits/limits.ts'

/** A language model that may be asked, with the key it is asked with and what its provider allows. */
export interface ProviderConfig {
  readonly provider: 'openai' | 'google' | 'anthropic' | 'compatible'
  /** The model's name at its provider. */
  readonly model: string
  /** Address of an OpenAI-compatible server, or of a stand-in for the provider's own. */
  readonly baseUrl?: string | undefined
  readonly apiKey?: string | undefined
  /** Limits of the account; undefined until the server's answers name them. The smaller of the two is kept to. */
  readonly requestsPerMinute?: number | undefined
  readonly tokensPerMinute?: number | undefined
  /** Calls under way at once in the whole deployment; undefined for no bound. */
  readonly parallel?: number | undefined
  /** Whether a compatible server takes a JSON schema for its answers. Default: false, and the schema is told in words. */
  readonly structuredOutputs?: boolean | undefined
  /** Default: 0. Models that take none are asked without one. */
  readonly temperature?: number | undefined
  /**
   * How much a model may think before it answers, which counts towards the bound of its answer and is paid as output.
   * Default: not at all, or as little as the model can; a compatible server is then asked as it is.
   */
  readonly reasoning?: 'none' | 'low' | 'medium' | 'high' | undefined
}

/** A provider's model as one has to know it to take turns at it. */
export interface AskedProvider {
  /** `provider/model`, as the report names it. */
  readonly name: string
  readonly config: ProviderConfig
  /** As a person knows it: `OpenAI (gpt-5)`. */
  readonly title: string
  readonly service: TurnRequest['service']
}

/** A model that gives vectors of texts, ready to be asked. */
export interface EmbeddingProvider extends AskedProvider {
  readonly model: EmbeddingModel
}

/** A language model, ready to be asked. */
export interface Provider extends AskedProvider {
  readonly model: LanguageModel
  /** How it is asked, beside the question: other values, other answers. */
  readonly settings: {
    readonly temperature: number
    readonly reasoning: 'provider-default' | NonNullable<ProviderConfig['reasoning']>
  }
  /** Whether the provider sees to it that an answer has the schema's shape. */
  readonly takesSchema: boolean
}

const titles = { openai: 'OpenAI', google: 'Google Gemini', anthropic: 'Anthropic' } as const
const minute = 60_000
/** Longest wait for a turn in the call itself; beyond it the task is put back. */
export const patience = 120_000
/** Time for a whole answer. A server of one's own may be slow, and nobody waits for it but oneself. */
const hostedTimeout = 180_000
const ownTimeout = 900_000

/**
 * Makes a provider's language model callable. The client neither repeats calls nor follows redirects, which would take the
 * key to where it was not meant to go.
 */
export function createProvider(config: ProviderConfig): Provider {
  const isHosted = config.provider !== 'compatible'
  return {
    ...describeProvider(config),
    model: clientOf(config).languageModel(config.model),
    settings: {
      temperature: config.temperature ?? 0,
      reasoning: config.reasoning ?? (isHosted ? 'none' : 'provider-default'),
    },
    takesSchema: isHosted || config.structuredOutputs === true,
  }
}

/** Makes a provider's model for vectors callable, as {@link createProvider} does. */
export function createEmbeddingProvider(config: ProviderConfig): EmbeddingProvider {
  return { ...describeProvider(config), model: clientOf(config).embeddingModel(config.model) }
}

function describeProvider(config: ProviderConfig): AskedProvider {
  const name = `${config.provider}/${config.model}`
  const isHosted = config.provider !== 'compatible'
  const title = `${isHosted ? titles[config.provider] : 'the model server'} (${config.model})`
  const limits = [
    { name: 'requests', max: config.requestsPerMinute, window: minute },
    { name: 'tokens', max: config.tokensPerMinute, window: minute },
  ].filter((limit): limit is typeof limit & { max: number } => limit.max !== undefined)
  return {
    name,
    config,
    title,
    service: {
      name: `model/${name}${config.baseUrl === undefined ? '' : `@${config.baseUrl}`}`,
      title,
      limits,
      ...(config.parallel !== undefined && { connections: config.parallel }),
      patience,
      timeout: isHosted ? hostedTimeout : ownTimeout,
    },
  }
}

function clientOf(config: ProviderConfig) {
  const { provider, baseUrl: baseURL, apiKey } = config
  // The packages would look for a key in the environment themselves, which only the configuration reads.
  const common = { apiKey: apiKey ?? '', fetch: send, ...(baseURL !== undefined && { baseURL }) }
  switch (provider) {
    case 'openai':
      return createOpenAI(common)
    case 'google':
      return createGoogleGenerativeAI(common)
    case 'anthropic':
      return createAnthropic(common)
    case 'compatible':
      return createOpenAICompatible({
        name: 'compatible',
        baseURL: baseURL ?? 'http://localhost:11434/v1',
        fetch: send,
        ...(apiKey !== undefined && { apiKey }),
        supportsStructuredOutputs: config.structuredOutputs ?? false,
      })
  }
}

/** Time limits are the caller's: the client's own would cut off a server that thinks for minutes before it answers. */
const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 10_000 } })

const send: typeof globalThis.fetch = (address, options) =>
  fetch(
    address as string,
    { ...options, redirect: 'error', dispatcher } as unknown as Parameters<typeof fetch>[1],
  ) as unknown as ReturnType<typeof globalThis.fetch>
