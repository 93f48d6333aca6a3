import type { Turn, TurnRequest } from '../limits/limits.ts'
import type { Sql } from '../store/database.ts'
import type { Usage } from '../store/model-answers.ts'
import { keepNamedLimit, namedLimits } from '../store/named-limits.ts'
import type { Limit } from '../upstream/upstream.ts'
import type { Estimate } from './estimates.ts'
import type { AskedProvider } from './providers.ts'
import { limitsIn } from './server-word.ts'

type Service = TurnRequest['service']

/** Limits of a provider that its answers have named. A process that has not asked it yet knows them from the others. */
export interface LearnedLimits {
  known(): Promise<readonly Limit[]>
  /** Notes the limits that a server's answer names. */
  learn(headers: Readonly<Record<string, string>>): Promise<void>
}

/** Makes those of one service. */
export function createLearnedLimits(sql: Sql, service: string): LearnedLimits {
  let loaded: Promise<Map<string, Limit>> | undefined
  const load = () => {
    loaded ??= namedLimits(sql, service).then((limits) => new Map(limits.map((limit) => [limit.name, limit])))
    // The next call asks again.
    loaded.catch(() => {
      loaded = undefined
    })
    return loaded
  }
  return {
    known: async () => [...(await load()).values()],
    async learn(headers) {
      const known = await load()
      for (const limit of limitsIn(headers)) {
        const { max, window } = known.get(limit.name) ?? {}
        if (max === limit.max && window === limit.window) continue
        await keepNamedLimit(sql, service, limit)
        known.set(limit.name, limit)
      }
    },
  }
}

/** The provider's service with the limits that are known now: of a configured and a named one the smaller. */
export function serviceOf({ service }: AskedProvider, learned: readonly Limit[]): Service {
  const configured = service.limits.map((limit) => {
    const named = learned.find(({ name }) => name === limit.name)
    return named !== undefined && named.max < limit.max ? named : limit
  })
  const named = learned.filter(({ name }) => service.limits.every((limit) => limit.name !== name))
  return { ...service, limits: [...configured, ...named] }
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
