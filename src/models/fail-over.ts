import { ElsewhereError, type PassedOver, SheafError, WaitingError } from '../errors.ts'
import { journeyAtHand } from '../regions/journey.ts'
import type { Usage } from '../store/model-answers.ts'
import { askProvider, type Errand, type GatewayContext, type KnownProvider } from './ask-provider.ts'
import { CallFailure, type FailureKind } from './failures.ts'
import { type AskedProvider, patience } from './providers.ts'
import { stopIfAborted } from './stopping.ts'

/** When nothing better is known, work that found no provider is tried again after so long, in milliseconds. */
const nextTry = 15_000
/** A job that was in a model's region in vain does not go back there for so long, in milliseconds. */
const passedOver = 10 * 60_000

/**
 * Asks providers in the configured order until one answers; those whose circuit is open come last, or not at all while
 * they are down. One that is asked in another region sends the job there, unless it comes from there in vain. A limit that
 * is merely busy does not lead to the next provider: the turn is waited for.
 * @throws {ElsewhereError} when the next is asked in another region
 * @throws {WaitingError} when none can be asked now, until the first is expected back
 * @throws {SheafError} `upstream_failed` when those that could be asked gave no usable answer; `invalid_input` when the
 *   settings keep all from being asked; what {@link askProvider} throws on budgets
 */
export async function askInTurn<Asked extends AskedProvider, Answer extends { readonly usage: Usage }>(
  context: GatewayContext,
  providers: readonly KnownProvider<Asked>[],
  errandFor: (provider: Asked) => Errand<Answer>,
  signal: AbortSignal,
): Promise<{ readonly answer: Answer; readonly by: KnownProvider<Asked> }> {
  const failures: { title: string; failure: CallFailure; until: Date }[] = []
  const waits: WaitingError[] = []
  const inVain: Record<string, PassedOver> = {}
  const passOver = ({ name }: Asked, kind: FailureKind, until = new Date()) => {
    inVain[name] = { kind, until: Math.max(until.getTime(), Date.now() + passedOver) }
  }
  for (const known of inOrder(providers)) {
    const { provider, circuit } = known
    if (circuit.standing === 'down') {
      failures.push({ title: provider.title, failure: circuit.reason!, until: circuit.until })
      passOver(provider, circuit.reason!.kind, circuit.until)
      continue
    }
    const place = context.regions.placeOf({ model: provider.name })
    if (place && !place.isHere) {
      const { until, kind } = journeyAtHand()?.passed[provider.name] ?? { until: 0, kind: '' }
      if (until <= Date.now()) throw new ElsewhereError(provider.title, place.region, inVain)
      const message = `It gave no answer that can be used in the region ${place.region}.`
      const failure = new CallFailure(kind as FailureKind, message)
      failures.push({ title: provider.title, failure, until: new Date(until) })
      continue
    }
    try {
      return { answer: await askProvider(context, known, errandFor(provider), signal), by: known }
    } catch (thrown) {
      stopIfAborted(signal)
      if (thrown instanceof CallFailure)
        failures.push({ title: provider.title, failure: thrown, until: backAt(known, thrown) })
      else if (WaitingError.isInstance(thrown) && (await isAway(context, known))) waits.push(thrown)
      else throw thrown
      passOver(provider, thrown instanceof CallFailure ? thrown.kind : 'passing', thrown.until)
    }
  }
  throw noneAnswered(failures, waits)
}

function inOrder<Known extends KnownProvider<AskedProvider>>(providers: readonly Known[]): Known[] {
  const isWell = ({ circuit }: Known) => circuit.standing === 'well'
  return [...providers.filter(isWell), ...providers.filter((known) => !isWell(known))]
}

function backAt({ circuit }: KnownProvider<AskedProvider>, { until }: CallFailure): Date {
  return new Date(Math.max(until?.getTime() ?? 0, circuit.until.getTime(), Date.now() + nextTry))
}

/** Whether the provider itself has said not to ask it for longer than anyone waits in a call. */
async function isAway(
  { limits }: GatewayContext,
  { provider }: KnownProvider<AskedProvider>,
): Promise<boolean> {
  const pauses = await limits.paused(provider.service.name)
  return pauses.some(({ until }) => until.getTime() - Date.now() > patience)
}

function sentence(title: string, { message }: CallFailure): string {
  return `${title}: ${message}${/[.!?]$/.test(message) ? '' : '.'}`
}

function noneAnswered(
  failures: readonly { title: string; failure: CallFailure; until: Date }[],
  waits: readonly WaitingError[],
): SheafError {
  const said = failures.map(({ title, failure }) => sentence(title, failure))
  const unusable = failures.find(({ failure }) => ['rejected', 'refused', 'unusable'].includes(failure.kind))
  if (unusable)
    return new SheafError(
      'upstream_failed',
      `No language model gave an answer that can be used. ${said.join(' ')}`,
      {
        cause: unusable.failure,
      },
    )
  const passing = failures.filter(({ failure }) => failure.kind !== 'misconfigured')
  if (passing.length + waits.length === 0)
    return new SheafError('invalid_input', `No language model accepts the settings. ${said.join(' ')}`, {
      advice: 'Check the key and the name of each model, then resume the review.',
    })
  const soonest = Math.min(...[...passing, ...waits].map(({ until }) => until.getTime()))
  const names = [...passing.map(({ title }) => title), ...waits.map(({ waitsFor }) => waitsFor)]
  const reasons = [
    ...passing.map(({ title, failure }) => sentence(title, failure)),
    ...waits.map(({ message }) => message),
  ]
  return new WaitingError(
    names.join(', '),
    new Date(soonest),
    `No language model can be asked now. ${reasons.join(' ')}`,
    { outage: true },
  )
}
