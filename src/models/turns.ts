import type { Turn, TurnRequest } from '../limits/limits.ts'
import type { Usage } from '../store/model-answers.ts'
import type { Limit } from '../upstream/upstream.ts'
import type { Estimate } from './estimates.ts'
import type { AskedProvider } from './providers.ts'
import { limitsIn } from './server-word.ts'

type Service = TurnRequest['service']

/** Limits of a provider that its answers have named, by name; in this process. */
export type LearnedLimits = Map<string, Limit>

/** The provider's service with the limits that are known now: of a configured and a named one the smaller. */
export function serviceOf({ service }: AskedProvider, learned: LearnedLimits): Service {
  const configured = service.limits.map((limit) => {
    const named = learned.get(limit.name)
    return named !== undefined && named.max < limit.max ? named : limit
  })
  const named = [...learned.values()].filter(({ name }) =>
    service.limits.every((limit) => limit.name !== name),
  )
  return { ...service, limits: [...configured, ...named] }
}

/** Notes the limits that a server's answer names. */
export function learnLimits(learned: LearnedLimits, headers: Readonly<Record<string, string>>): void {
  for (const limit of limitsIn(headers)) learned.set(limit.name, limit)
}

/** What a call takes of limits beside the count of requests. */
export function unitsOf({ input, output }: Estimate): Readonly<Record<string, number>> {
  return { tokens: input + output, 'input tokens': input, 'output tokens': output }
}

/** Corrects a turn to what its call took. */
export async function settle(turn: Turn, { inputTokens = 0, outputTokens = 0 }: Usage): Promise<void> {
  await turn.settle(unitsOf({ input: inputTokens, output: outputTokens }))
}

/** Gives back what a turn took of limits, when no call was made. */
export async function giveBack(turn: Turn): Promise<void> {
  await turn.settle({ requests: 0, ...unitsOf({ input: 0, output: 0 }) })
}
