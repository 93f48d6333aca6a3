import { messageOf } from '../errors.ts'
import type { Limits, Turn } from '../limits/limits.ts'
import type { Sql } from '../store/database.ts'
import { keepAnswer } from '../store/model-answers.ts'
import { type Budget, type CallOutcome, closeCall, closeLostCalls, openCall } from '../store/model-calls.ts'
import { noRoomError, unknownPriceError } from './budgets.ts'
import { callModel } from './call.ts'
import type { Circuit } from './circuits.ts'
import type { Estimates } from './estimates.ts'
import { CallFailure, type FailureKind } from './failures.ts'
import type { Question } from './gateway.ts'
import { type Price, spendingOf } from './prices.ts'
import { type Provider, patience } from './providers.ts'
import type { PreparedQuestion } from './questions.ts'
import { pause } from './stopping.ts'
import { giveBack, type LearnedLimits, learnLimits, serviceOf, settle, unitsOf } from './turns.ts'

/** What the gateway's parts share. */
export interface GatewayContext {
  readonly sql: Sql
  readonly limits: Limits
  readonly estimates: Estimates
  readonly sessionBudget: (session: string) => Promise<Budget>
  readonly dayBudget: Budget
}

/** A provider as this process knows it. */
export interface KnownProvider {
  readonly provider: Provider
  readonly price: Price | undefined
  readonly circuit: Circuit
  readonly learned: LearnedLimits
}

/** One question on its way to one provider. */
interface Asked<Answer> {
  readonly context: GatewayContext
  readonly known: KnownProvider
  readonly question: Question<Answer>
  readonly prepared: PreparedQuestion
  readonly signal: AbortSignal
  /** UTF-8 bytes of instructions, input and schema. */
  readonly bytes: number
}

/** A fault is tried once more, after so long with jitter, in milliseconds. */
const faultPause = 500
/** So often a provider may say in a row that it was asked too often. */
const mostLimited = 5
/** Pause before the next look whether calls under way have left room in a budget, in milliseconds. */
const roomPause = 250
/** Later than its time limit a call that is still open is taken to be lost, in milliseconds. */
const lostAfter = 60_000

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
export async function askProvider<Answer>(
  context: GatewayContext,
  known: KnownProvider,
  question: Question<Answer>,
  prepared: PreparedQuestion,
  signal: AbortSignal,
): Promise<Answer> {
  const bytes = Buffer.byteLength(question.prompt.instructions + question.input + prepared.schema)
  const asked = { context, known, question, prepared, signal, bytes }
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

function pauseProvider({ context, known }: Asked<unknown>, until: Date, kind: 'rate_limited' | 'quota_gone') {
  const { service, title } = known.provider
  const reason =
    kind === 'quota_gone'
      ? `${title} says that its quota is used up.`
      : `${title} says that it was asked too often.`
  return context.limits.pause(service.name, { limit: 'requests', until, reason })
}

async function askWithinBudgets<Answer>(
  asked: Asked<Answer>,
  correction: string | undefined,
): Promise<Answer> {
  const { context, known, question, bytes, signal } = asked
  const { provider, price, learned } = known
  const { session, maxOutputTokens, prompt } = question
  const most = context.estimates.most(kindOf(asked), bytes, maxOutputTokens)
  const estimate = spendingOf({ inputTokens: most.input, outputTokens: most.output }, price)!
  const { dayBudget } = context
  const sessionBudget = await context.sessionBudget(session)
  if (estimate.cost === undefined && (sessionBudget.cost ?? dayBudget.cost) !== undefined)
    throw unknownPriceError(provider)

  for (const end = Date.now() + patience; ; ) {
    const service = serviceOf(provider, learned)
    const units = unitsOf(context.estimates.likely(kindOf(asked), bytes, maxOutputTokens))
    const turn = await context.limits.take({ service, units, signal })
    try {
      const room = await openCall(
        context.sql,
        { session, task: prompt.task, provider: provider.config.provider, model: provider.config.model },
        { estimate, lifetime: service.timeout + lostAfter, sessionBudget, dayBudget },
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

const kindOf = ({ known, question }: Asked<unknown>) => `${known.provider.name} ${question.prompt.task}`

async function makeCall<Answer>(
  asked: Asked<Answer>,
  call: string,
  turn: Turn,
  correction: string | undefined,
): Promise<Answer> {
  const { context, known, question, prepared, bytes, signal } = asked
  const { provider, price, circuit, learned } = known
  const options = { schema: prepared.schema, correction, signal, timeout: provider.service.timeout }
  try {
    // Making room in the budgets takes its time where many ask at once.
    await turn.renew()
    const { value, json, usage, headers } = await circuit.run(() => callModel(provider, question, options))
    learnLimits(learned, headers)
    context.estimates.learn(kindOf(asked), bytes, usage)
    // Kept first: a process killed here has an answer whose cost is still an estimate, and not the other way round.
    await keepAnswer(context.sql, {
      key: prepared.keyFor(provider),
      task: question.prompt.task,
      model: provider.name,
      answer: json,
      usage,
    })
    await closeCall(context.sql, call, { outcome: 'answered', usage, spent: spendingOf(usage, price) })
    await settle(turn, usage)
    return value
  } catch (thrown) {
    if (!(thrown instanceof CallFailure)) {
      await closeCall(context.sql, call, { outcome: 'failed', error: messageOf(thrown) })
      throw thrown
    }
    const { kind, message, headers } = thrown
    learnLimits(learned, headers)
    const usage = thrown.usage === 'nothing' ? { inputTokens: 0, outputTokens: 0 } : thrown.usage
    const spent = usage && spendingOf(usage, price)
    await closeCall(context.sql, call, { outcome: outcomes[kind], error: message, usage, spent })
    if (spent) await settle(turn, usage)
    throw thrown
  }
}
