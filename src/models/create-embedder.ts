import { createHash } from 'node:crypto'
import { embedMany } from 'ai'
import type { Limits } from '../limits/limits.ts'
import { anywhere, type Regions } from '../regions/regions.ts'
import type { Sql } from '../store/database.ts'
import { findEmbeddings, keepEmbeddings } from '../store/embeddings.ts'
import type { Usage } from '../store/model-answers.ts'
import type { Budget } from '../store/model-calls.ts'
import { createOnce, type Hold } from '../store/once.ts'
import { type Measure, unmeasured } from '../telemetry/measure.ts'
import { type Trace, untraced } from '../telemetry/trace.ts'
import type { Errand, GatewayContext, KnownProvider } from './ask-provider.ts'
import { createCircuit, watch } from './circuits.ts'
import type { Embedder, NamedText, TextRole } from './embedder.ts'
import { createEstimates } from './estimates.ts'
import { askInTurn } from './fail-over.ts'
import { CallFailure, understand } from './failures.ts'
import { type Prices, priceOf } from './prices.ts'
import { createEmbeddingProvider, type EmbeddingProvider, type ProviderConfig } from './providers.ts'
import { quantise } from './quantise.ts'
import { pause, stopIfAborted } from './stopping.ts'
import { createLearnedLimits } from './turns.ts'

/** What an embedder is made with. */
export interface EmbedderOptions {
  readonly sql: Sql
  readonly limits: Limits
  readonly provider: ProviderConfig
  readonly prices?: Prices | undefined
  /** What may be spent in a day (UTC), language models included. */
  readonly dayBudget?: Budget | undefined
  readonly measure?: Pick<Measure, 'modelCallEnded' | 'watchCircuit' | 'cacheLookedUp' | 'cacheHit'>
  readonly trace?: Trace
  /** Default: everything is asked from here. */
  readonly regions?: Regions
}

/** Texts in one call: Gemini takes 100, and a call that fails should not cost much. */
const mostTexts = 64
/** UTF-8 bytes that make a token, at least, where the provider does not say what it took (Gemini's documentation: four). */
const bytesPerToken = 3

/** The words of a role at Gemini, which alone of these providers asks for one. */
const taskTypes = { passage: 'RETRIEVAL_DOCUMENT', question: 'RETRIEVAL_QUERY' } as const

interface Vectors {
  readonly vectors: Int8Array[]
  readonly usage: Usage
}

/** Makes an embedder; see {@link Embedder}. */
export function createEmbedder({ sql, limits, provider: config, ...options }: EmbedderOptions): Embedder {
  const { prices, dayBudget = {}, measure = unmeasured, trace = untraced, regions = anywhere } = options
  const provider = createEmbeddingProvider(config)
  const context: GatewayContext = {
    sql,
    limits,
    estimates: createEstimates(),
    sessionBudget: async () => ({}),
    userBudget: {},
    dayBudget,
    measure,
    trace,
    regions,
  }
  const known: KnownProvider<EmbeddingProvider> = {
    provider,
    price: priceOf(provider.name, prices),
    circuit: createCircuit(),
    learned: createLearnedLimits(sql, provider.service.name),
  }
  watch(measure, provider.name, known.circuit)
  const once = createOnce(sql)
  const model = `${provider.name}${config.baseUrl === undefined || config.provider !== 'compatible' ? '' : `@${config.baseUrl}`}`

  async function embedNow(texts: readonly NamedText[], role: TextRole, signal: AbortSignal, hold: Hold) {
    const values = texts.map(({ text }) => text)
    const bytes = Buffer.byteLength(values.join(''))
    const errand: Errand<Vectors> = {
      task: 'embed',
      bytes,
      maxOutputTokens: 0,
      hold,
      call: (_, timeout) => callModel(provider, values, { role, bytes, signal, timeout }),
      keep: ({ vectors }) =>
        keepEmbeddings(
          sql,
          model,
          texts.map(({ sha256 }, index) => ({ sha256, vector: vectors[index]! })),
        ),
    }
    return (await askInTurn(context, [known], () => errand, signal)).answer.vectors
  }

  async function embedBatch(texts: readonly NamedText[], role: TextRole, signal: AbortSignal) {
    const names = texts.map(({ sha256 }) => sha256)
    const question = createHash('sha256')
      .update(JSON.stringify([model, names]))
      .digest('hex')
    const findAll = async () => {
      const kept = await findEmbeddings(sql, model, names)
      const all = names.map((name) => kept.get(name))
      return all.every((vector) => vector !== undefined) ? all : undefined
    }
    return once.findOrMake(question, {
      find: findAll,
      make: (hold) => embedNow(texts, role, signal, hold),
      pause: (milliseconds) => pause(milliseconds, signal),
    })
  }

  return {
    model,
    nameOf: (text, role) =>
      createHash('sha256')
        .update(JSON.stringify([role, text]))
        .digest('hex'),
    async embed(texts, role, signal) {
      stopIfAborted(signal)
      const kept = await findEmbeddings(
        sql,
        model,
        texts.map(({ sha256 }) => sha256),
      )
      for (const { sha256 } of texts) {
        measure.cacheLookedUp('embeddings')
        if (kept.has(sha256)) measure.cacheHit('embeddings')
      }
      const missing = [...new Map(texts.map((text) => [text.sha256, text])).values()].filter(
        ({ sha256 }) => !kept.has(sha256),
      )
      for (let at = 0; at < missing.length; at += mostTexts) {
        const batch = missing.slice(at, at + mostTexts)
        const vectors = await embedBatch(batch, role, signal)
        for (const [index, { sha256 }] of batch.entries()) kept.set(sha256, vectors[index]!)
      }
      return texts.map(({ sha256 }) => kept.get(sha256)!)
    },
  }
}

async function callModel(
  provider: EmbeddingProvider,
  values: string[],
  options: { role: TextRole; bytes: number; signal: AbortSignal; timeout: number },
): Promise<Vectors & { headers: Readonly<Record<string, string>> }> {
  const { role, bytes, signal, timeout } = options
  const end = AbortSignal.timeout(timeout)
  try {
    const { embeddings, usage, responses } = await embedMany({
      model: provider.model,
      values,
      maxRetries: 0,
      abortSignal: AbortSignal.any([signal, end]),
      providerOptions: { google: { taskType: taskTypes[role] } },
      telemetry: { isEnabled: false },
    })
    const inputTokens = Number.isFinite(usage.tokens) ? usage.tokens : Math.ceil(bytes / bytesPerToken)
    const details = { usage: { inputTokens, outputTokens: 0 }, headers: responses?.[0]?.headers ?? {} }
    const length = embeddings[0]?.length ?? 0
    const areWhole = embeddings.every((one) => one.length === length && one.every(Number.isFinite))
    if (embeddings.length !== values.length || length === 0 || !areWhole)
      throw new CallFailure('unusable', 'The answer is not a vector for each text.', details)
    return { vectors: embeddings.map(quantise), ...details }
  } catch (thrown) {
    if (thrown instanceof CallFailure) throw thrown
    if (signal.aborted) throw new CallFailure('aborted', 'The call was stopped.', { cause: thrown })
    if (end.aborted) throw new CallFailure('passing', 'There was no answer in time.', { cause: thrown })
    throw understand(thrown, new Date())
  }
}
