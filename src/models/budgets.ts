import { ApprovalError, SheafError, WaitingError } from '../errors.ts'
import type { NoRoom, Spending } from '../store/model-calls.ts'
import type { AskedProvider } from './providers.ts'

/**
 * What a budget without room means: a person may raise a session's; a user's and the deployment's have room again on another day
 * (UTC); one that calls under way may leave room in, soon.
 */
export function noRoomError({ scope, unit, spent, limit, passing }: NoRoom, estimate: Spending): SheafError {
  const inWords = (amount: number) =>
    unit === 'tokens' ? `${amount.toLocaleString('en-GB')} tokens` : `${amount.toFixed(2)} US dollars`
  const more = unit === 'tokens' ? estimate.tokens : (estimate.cost ?? 0)
  if (passing)
    return new WaitingError(
      'the budget for language models',
      new Date(Date.now() + 30_000),
      `Calls under way may use what is left of ${inWords(limit)}.`,
    )
  if (scope === 'session')
    return new ApprovalError(
      'tokens',
      `The next call may take ${inWords(more)}, beyond the ${inWords(limit)} that this review may use; ${inWords(spent)} are used.`,
      { unit, spent, limit, estimate: more },
    )
  return new WaitingError(
    'the budget for language models',
    nextDay(new Date()),
    scope === 'user'
      ? `All reviews of this user have used ${inWords(spent)} of ${inWords(limit)} a day.`
      : `All reviews together have used ${inWords(spent)} of ${inWords(limit)} a day.`,
    { outage: true },
  )
}

/** A budget in dollars cannot be kept with a model whose price nobody knows. */
export function unknownPriceError({ name }: AskedProvider): SheafError {
  return new SheafError(
    'invalid_input',
    `There is a budget in US dollars, but the price of ${name} is unknown.`,
    {
      advice: `Add its price to the setting “prices”: {"${name}": {"input": …, "output": …}}, in US dollars for a million tokens.`,
    },
  )
}

function nextDay(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1))
}
