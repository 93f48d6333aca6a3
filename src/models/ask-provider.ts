import { messageOf } from '../errors.ts'
import type { Limits, Turn } from '../limits/limits.ts'
import type { Regions } from '../regions/regions.ts'
import type { Sql } from '../store/database.ts'
import type { Usage } from '../store/model-answers.ts'
import { type Budget, type CallOutcome, closeCall, closeLostCalls, openCall } from '../store/model-calls.ts'
import type { Hold } from '../store/once.ts'
import type { Measure } from '../telemetry/measure.ts'
import type { Trace } from '../telemetry/trace.ts'
import { noRoomError, unknownPriceError } from './budgets.ts'
import type { Circuit } from './circuits.ts'
import type { Estimates } from './estimates.ts'
import { CallFailure, type FailureKind } from './failures.ts'
import { type Price, spendingOf } from './prices.ts'
import { type AskedProvider, type Provider, patience } from './providers.ts'
import { pause } from './stopping.ts'
import { noteInStore } from './store-away.ts'
import { giveBack, type LearnedLimits, serviceOf, settle, unitsOf } from './turns.ts'

/** What the gateway's parts share. */
export interface GatewayContext {
  readonly sql: Sql
  readonly limits: Limits
  readonly estimates: Estimates
  readonly sessionBudget: (session: string) => Promise<Budget>
  readonly userBudget: Budget
  readonly dayBudget: Budget
  readonly measure: Pick<Measure, 'modelCallEnded'>
  readonly trace: Trace
  readonly regions: Regions
}

/** A provider as this process knows it. */
export interface KnownProvider<Asked extends AskedProvider = Provider> {
  readonly provider: Asked
  readonly price: Price | undefined
  readonly circuit: Circuit
  readonly learned: LearnedLimits
}

/** What one provider is asked for, whatever it is: an answer to a question, vectors of texts. */
export interface Errand<Answer extends { readonly usage: Usage }> {
  /** Whose budget and ledger it is; absent for what serves all sessions. */
  readonly session?: string | undefined
  /** Names it in the ledger and in estimates. */
  readonly task: string
  /** UTF-8 bytes that are sent. */
  readonly bytes: number
  /** Bound of the answer's length, in tokens. */
  readonly maxOutputTokens: number
  /** Awaited right before each call; what it throws keeps the call from being made. */
  readonly hold: Hold
  /** Asks once; `correction` says what was wrong with the answer before. @throws {CallFailure} */
  call(
    correction: string | undefined,
    timeout: number,
  ): Promise<Answer & { readonly headers: Readonly<Record<string, string>> }>
  /** Keeps what was answered, before it is used. */
  keep(answer: Answer): Promise<unknown>
}

/** One errand on its way to one provider. */
interface Asked<Answer extends { readonly usage: Usage }> {
  readonly context: GatewayContext
  readonly known: KnownProvider<AskedProvider>
  readonly errand: Errand<Answer>
  readonly signal: AbortSignal
}
type AnyAsked = Pick<Asked<{ usage: Usage }>, 'context' | 'known'> & {
  readonly errand: { readonly task: string }
}

/** A fault is tried once more, after so long with jitter, in milliseconds. */
const faultPause = 500
/** So often a provider may say in a row that it was asked too often. */
const mostLimited = 5
/** Pause before the next look whether calls under way have left room in a budget, in milliseconds. */
const roomPause = 250
/** Later than its time limit a call that is still open is taken to be lost, in milliseconds. */
const lostAfter = 60_000

/** Of a call that was entered and not made. */
const nothing = { tokens: 0, cost: 0 }

const outcomes: Readonly<Record<FailureKind, Exclude<CallOutcome, 'asking' | 'kept' | 'answered'>>> = {
  passing: 'failed',
  rate_limited: 'rate_limited',
  quota_gone: 'failed',
  misconfigured: 'failed',
  rejected: 'failed',
  refused: 'refused',
  unusable: 'unusable',
  aborted: 'aborted',
}

/**
 * Asks one provider, within its limits and the budgets: once more after a fault that may pass, after each time it says
 * that it was asked too often, and after an answer that cannot be used, which it is told. The answer is kept before it
 * is given.
 * @throws {CallFailure} what the last call ended with
 * @throws {WaitingError} when its turn is too far away, or a budget has no room before another day
 * @throws {ApprovalError} `tokens`, when the session's budget would be passed
 */
export async function askProvider<Answer extends { readonly usage: Usage }>(
  context: GatewayContext,
  known: KnownProvider<AskedProvider>,
  errand: Errand<Answer>,
  signal: AbortSignal,
): Promise<Answer> {
  const asked = { context, known, errand, signal }
  const times = { passing: 0, rate_limited: 0, unusable: 0 }
  let correction: string | undefined
  for (;;) {
    try {
      return await askWithinBudgets(asked, correction)
    } catch (thrown) {
      if (!(thrown instanceof CallFailure)) throw thrown
      const { kind, message, until } = thrown
      if (kind === 'rate_limited' || kind === 'quota_gone') await pauseProvider(asked, until!, kind)
      if (kind === 'passing' && ++times.passing < 2 && known.circuit.standing !== 'down')
        await pause(faultPause, signal)
      else if (kind === 'rate_limited' && ++times.rate_limited < mostLimited) continue
      else if ((kind === 'unusable' || kind === 'refused') && ++times.unusable < 2)
        correction = correctionFor(message)
      else throw thrown
    }
  }
}

/** Quoted as a JSON string, because what was wrong with an answer is told in the model's own words. */
function correctionFor(fault: string): string {
  const quoted = JSON.stringify(fault.slice(0, 500))
  return `An earlier answer to this could not be used: ${quoted}. Answer again, in the form that is asked for.`
}

function pauseProvider({ context, known }: AnyAsked, until: Date, kind: 'rate_limited' | 'quota_gone') {
  const { service, title } = known.provider
  const reason =
    kind === 'quota_gone'
      ? `${title} says that its quota is used up.`
      : `${title} says that it was asked too often.`
  return context.limits.pause(service.name, { limit: 'requests', until, reason })
}

async function askWithinBudgets<Answer extends { readonly usage: Usage }>(
  asked: Asked<Answer>,
  correction: string | undefined,
): Promise<Answer> {
  const { context, known, errand, signal } = asked
  const { provider, price, learned } = known
  const { session, task, bytes, maxOutputTokens } = errand
  const most = context.estimates.most(kindOf(asked), bytes, maxOutputTokens)
  const estimate = spendingOf({ inputTokens: most.input, outputTokens: most.output }, price)!
  const { dayBudget } = context
  const userBudget = session === undefined ? {} : context.userBudget
  const sessionBudget = session === undefined ? {} : await context.sessionBudget(session)
  if (estimate.cost === undefined && (sessionBudget.cost ?? userBudget.cost ?? dayBudget.cost) !== undefined)
    throw unknownPriceError(provider)

  for (const end = Date.now() + patience; ; ) {
    const service = serviceOf(provider, await learned.known())
    const units = unitsOf(context.estimates.likely(kindOf(asked), bytes, maxOutputTokens))
    const turn = await context.limits.take({ service, units, signal })
    try {
      const room = await openCall(
        context.sql,
        { session, task, provider: provider.config.provider, model: provider.config.model },
        { estimate, lifetime: service.timeout + lostAfter, sessionBudget, userBudget, dayBudget },
      )
      if ('call' in room) return await makeCall(asked, room.call, turn, correction)
      await giveBack(turn)
      if (!room.passing || Date.now() > end) throw noRoomError(room, estimate)
    } finally {
      await turn.release()
    }
    await closeLostCalls(context.sql)
    await pause(roomPause, signal)
  }
}

const kindOf = ({ known, errand }: AnyAsked) => `${known.provider.name} ${errand.task}`

async function makeCall<Answer extends { readonly usage: Usage }>(
  asked: Asked<Answer>,
  call: string,
  turn: Turn,
  correction: string | undefined,
): Promise<Answer> {
  const { context, known, errand, signal } = asked
  const { provider, price, circuit, learned } = known
  try {
    // Making room in the budgets takes its time where many ask at once.
    await turn.renew()
    await errand.hold()
  } catch (thrown) {
    await closeCall(context.sql, call, { outcome: 'aborted', spent: nothing, error: messageOf(thrown) })
    await giveBack(turn)
    throw thrown
  }
  try {
    const answer = await circuit.run(() =>
      traced(asked, () => errand.call(correction, provider.service.timeout)),
    )
    const { usage } = answer
    const spent = spendingOf(usage, price)
    context.estimates.learn(kindOf(asked), errand.bytes, usage)
    // Kept first: a process killed here has an answer whose cost is still an estimate, and not the other way round.
    await noteInStore(() => errand.keep(answer), signal)
    await noteInStore(() => closeCall(context.sql, call, { outcome: 'answered', usage, spent }), signal)
    await noteInStore(() => settle(turn, usage), signal)
    await noteInStore(() => learned.learn(answer.headers), signal)
    measure(asked, 'answered', usage, spent)
    return answer
  } catch (thrown) {
    if (!(thrown instanceof CallFailure)) {
      await closeCall(context.sql, call, { outcome: 'failed', error: messageOf(thrown) })
      measure(asked, 'failed')
      throw thrown
    }
    const { kind, message, headers } = thrown
    const usage = thrown.usage === 'nothing' ? { inputTokens: 0, outputTokens: 0 } : thrown.usage
    const spent = usage && spendingOf(usage, price)
    await closeCall(context.sql, call, { outcome: outcomes[kind], error: message, usage, spent })
    measure(asked, outcomes[kind], usage, spent)
    if (spent) await settle(turn, usage)
    await learned.learn(headers)
    throw thrown
  }
}

function measure(
  { context, known }: AnyAsked,
  outcome: CallOutcome,
  { inputTokens, outputTokens }: Usage = {},
  spent?: { readonly cost: number | undefined },
): void {
  context.measure.modelCallEnded({
    provider: known.provider.name,
    outcome,
    inputTokens,
    outputTokens,
    cost: spent?.cost,
  })
}

/** One call as a span: what for, which model, how many tokens. Never what was asked or answered. */
function traced<Answer extends { readonly usage: Usage }>(
  { context, known, errand }: AnyAsked,
  call: () => Promise<Answer>,
): Promise<Answer> {
  const { provider, model } = known.provider.config
  const attributes = {
    'gen_ai.operation.name': errand.task === 'embed' ? 'embeddings' : 'chat',
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': model,
    'sheaf.task': errand.task,
  }
  return context.trace.span(`${errand.task} ${model}`, { kind: 'client', attributes }, async (note) => {
    const answer = await call()
    const { inputTokens, outputTokens } = answer.usage
    note({
      ...(inputTokens !== undefined && { 'gen_ai.usage.input_tokens': inputTokens }),
      ...(outputTokens !== undefined && { 'gen_ai.usage.output_tokens': outputTokens }),
    })
    return answer
  })
}
