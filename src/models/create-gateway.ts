import type { Limits } from '../limits/limits.ts'
import { anywhere, type Regions } from '../regions/regions.ts'
import type { Sql } from '../store/database.ts'
import { findAnswer, keepAnswer } from '../store/model-answers.ts'
import { type Budget, closeLostCalls, enterKept } from '../store/model-calls.ts'
import { createOnce, type Hold } from '../store/once.ts'
import { type Measure, unmeasured } from '../telemetry/measure.ts'
import { type Trace, untraced } from '../telemetry/trace.ts'
import type { Errand, GatewayContext, KnownProvider } from './ask-provider.ts'
import { callModel, type ModelAnswer } from './call.ts'
import { createCircuit, watch } from './circuits.ts'
import { createEstimates } from './estimates.ts'
import { askInTurn } from './fail-over.ts'
import type { Answered, ModelGateway, Question } from './gateway.ts'
import { type Prices, priceOf } from './prices.ts'
import { createProvider, type Provider, type ProviderConfig } from './providers.ts'
import { type PreparedQuestion, prepare } from './questions.ts'
import { pause, stopIfAborted } from './stopping.ts'
import { createLearnedLimits } from './turns.ts'

export interface ModelGatewayOptions {
  readonly sql: Sql
  readonly limits: Limits
  /** First choice first; at least one. */
  readonly providers: readonly ProviderConfig[]
  /** Go before the list prices that Sheaf knows. */
  readonly prices?: Prices | undefined
  /** What a session may use in all: what the settings allow, or what a person has agreed to since. Default: no bound. */
  readonly sessionBudget?: ((session: string) => Promise<Budget>) | undefined
  /** What the sessions of one user may use in a day (UTC). Default: no bound. */
  readonly userBudget?: Budget | undefined
  /** What all sessions together may use in a day (UTC). Default: no bound. */
  readonly dayBudget?: Budget | undefined
  /** How long, in milliseconds, a question whose process has ended is left to it. Default: 30 s. */
  readonly claimLasts?: number | undefined
  readonly measure?: Pick<Measure, 'modelCallEnded' | 'watchCircuit' | 'cacheLookedUp' | 'cacheHit'>
  readonly trace?: Trace
  /** Default: everything is asked from here. */
  readonly regions?: Regions
}

/** The kind under which look-ups of kept answers are counted. */
const answersCache = 'model_answers'

/** Lost calls are looked for so often, in milliseconds. */
const sweepEvery = 60_000

/**
 * The gateway to language models. A kept answer of any configured provider is used, in the configured order, also when
 * another would be asked now: it was good enough when it was given, and has been paid for.
 */
export function createModelGateway(options: ModelGatewayOptions): ModelGateway {
  const { sql, limits, prices, sessionBudget = async () => ({}), userBudget = {}, dayBudget = {} } = options
  const { measure = unmeasured, trace = untraced, regions = anywhere } = options
  const estimates = createEstimates()
  const context: GatewayContext = {
    sql,
    limits,
    estimates,
    sessionBudget,
    userBudget,
    dayBudget,
    measure,
    trace,
    regions,
  }
  const providers: readonly KnownProvider[] = options.providers.map((config) => {
    const provider = createProvider(config)
    const circuit = createCircuit()
    watch(measure, provider.name, circuit)
    return {
      provider,
      price: priceOf(provider.name, prices),
      circuit,
      learned: createLearnedLimits(sql, provider.service.name),
    }
  })
  const once = createOnce(sql, options.claimLasts)
  let swept = 0

  async function findKept<Answer>(
    question: Question<Answer>,
    prepared: PreparedQuestion,
  ): Promise<Answered<Answer> | undefined> {
    const kept = await findAnswer(sql, prepared.keysFor(providers.map(({ provider }) => provider)))
    if (kept === undefined) return undefined
    // Kept under a stricter or looser reading than today's, it may have become useless; then it is asked for again.
    const parsed = question.answer.safeParse(JSON.parse(kept.answer))
    if (!parsed.success) return undefined
    return { value: parsed.data, model: kept.model, kept: true }
  }

  async function askNow<Answer>(
    question: Question<Answer>,
    prepared: PreparedQuestion,
    signal: AbortSignal,
    hold: Hold,
  ): Promise<Answered<Answer>> {
    if (Date.now() - swept > sweepEvery) {
      swept = Date.now()
      await closeLostCalls(sql)
    }
    const errandFor = (provider: Provider) => errandOf(question, prepared, provider, signal, hold)
    const { answer, by } = await askInTurn(context, providers, errandFor, signal)
    return { value: answer.value, model: by.provider.name, kept: false }
  }

  function errandOf<Answer>(
    question: Question<Answer>,
    { schema, keyFor }: PreparedQuestion,
    provider: Provider,
    signal: AbortSignal,
    hold: Hold,
  ): Errand<ModelAnswer<Answer>> {
    const { session, prompt, input, maxOutputTokens } = question
    const { task } = prompt
    return {
      session,
      task,
      bytes: Buffer.byteLength(prompt.instructions + input + schema),
      maxOutputTokens,
      hold,
      call: (correction, timeout) => callModel(provider, question, { schema, correction, signal, timeout }),
      keep: ({ json, usage }) =>
        keepAnswer(sql, { key: keyFor(provider), task, model: provider.name, answer: json, usage }),
    }
  }

  return {
    async ask(question) {
      const { session, prompt, signal = new AbortController().signal } = question
      stopIfAborted(signal)
      const prepared = prepare(question)
      const answered = await once.findOrMake(prepared.hash, {
        find: () => findKept(question, prepared),
        make: (hold) => askNow(question, prepared, signal, hold),
        pause: (milliseconds) => pause(milliseconds, signal),
      })
      measure.cacheLookedUp(answersCache)
      if (answered.kept) {
        measure.cacheHit(answersCache)
        measure.modelCallEnded({ provider: answered.model, outcome: 'kept' })
        const [provider = '', ...model] = answered.model.split('/')
        await enterKept(sql, { session, task: prompt.task, provider, model: model.join('/') })
      }
      return answered
    },
  }
}
