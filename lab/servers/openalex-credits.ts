import type { Context } from 'hono'
import { createWindow } from '../violations.ts'
import { json } from './answers.ts'
import type { Lab, LabEnvironment } from './simulate.ts'

/** Credits of a day, and requests in a second, of which so many with more than five boolean operators. */
export interface OpenAlexPlan {
  readonly credits: number
  readonly perSecond: number
  readonly booleanPerSecond: number
}

/** The plans of those without and with a free key, as the code of the service's edge has them. */
export const openAlexPlans = {
  keyless: { credits: 1_000, perSecond: 10, booleanPerSecond: 1 },
  free: { credits: 10_000, perSecond: 30, booleanPerSecond: 5 },
} as const satisfies Record<string, OpenAlexPlan>

const day = 24 * 60 * 60 * 1_000
const dollars = (credits: number): number => credits / 10_000

/** What a request costs: works on their own nothing, searches ten, other lists one. */
export function creditsOf(path: string, parameters: URLSearchParams): number {
  if (!/\/works\/?$/.test(path)) return 0
  const names = [...parameters.keys()]
  const filters = parameters.get('filter') ?? ''
  const isSearch =
    names.some((name) => name === 'search' || name.startsWith('search.')) || /\.search:/.test(filters)
  return isSearch && !parameters.has('group_by') ? 10 : 1
}

/** `AND`, `OR` and `NOT` in all that is searched for, as the service counts them: also inside quotation marks. */
function booleanOperators(parameters: URLSearchParams): number {
  const searched = [...parameters].flatMap(([name, value]) =>
    name === 'search' || name.startsWith('search.')
      ? [value]
      : name === 'filter'
        ? [...value.matchAll(/\.search:([^,]*)/g)].map(([, text]) => text!)
        : [],
  )
  return searched.join(' ').match(/(?<!\w)(?:OR|AND|NOT)(?!\w)/g)?.length ?? 0
}

interface Account {
  readonly plan: OpenAlexPlan
  readonly requests: ReturnType<typeof createWindow>
  readonly boolean: ReturnType<typeof createWindow>
  readonly semantic: ReturnType<typeof createWindow>
  date: number
  used: number
  /** Before which the account has been told to stay away with what costs credits. */
  closedUntil: number
}

/**
 * OpenAlex's edge: keys, limits of a second and credits of a day (from 00:00 UTC), which single works neither take nor need.
 * Keys that begin with `lab-` are valid.
 */
export function createOpenAlexEdge(
  { ledger, now }: Lab,
  plans: Readonly<Record<keyof typeof openAlexPlans, OpenAlexPlan>>,
) {
  const accounts = new Map<string, Account>()

  function accountOf(key: string | undefined): Account {
    const known = accounts.get(key ?? '')
    const plan = key === undefined ? plans.keyless : plans.free
    const account = known ?? {
      plan,
      requests: createWindow(plan.perSecond, 1_000),
      boolean: createWindow(plan.booleanPerSecond, 1_000),
      semantic: createWindow(1, 1_000),
      date: 0,
      used: 0,
      closedUntil: 0,
    }
    const today = Math.floor(now() / day)
    if (account.date !== today) {
      account.date = today
      account.used = 0
      account.closedUntil = 0
    }
    accounts.set(key ?? '', account)
    return account
  }

  const untilReset = (): number => Math.ceil((day - (now() % day)) / 1_000)

  function headersOf({ plan, used }: Account, cost: number): Record<string, string> {
    const left = Math.max(0, plan.credits - used)
    return {
      'x-ratelimit-limit': `${plan.credits}`,
      'x-ratelimit-remaining': `${left}`,
      'x-ratelimit-credits-used': `${cost}`,
      'x-ratelimit-reset': `${untilReset()}`,
      'x-ratelimit-onetime-remaining': '0',
      'x-ratelimit-limit-usd': `${dollars(plan.credits)}`,
      'x-ratelimit-remaining-usd': `${dollars(left)}`,
      'x-ratelimit-cost-usd': `${dollars(cost)}`,
      'x-ratelimit-prepaid-remaining-usd': '0',
    }
  }

  function exhausted(account: Account, cost: number): Response {
    const left = Math.max(0, account.plan.credits - account.used)
    account.closedUntil = now() + untilReset() * 1_000
    const body = {
      error: 'Rate limit exceeded',
      message: `Insufficient credits: this request costs ${cost} and ${left} remain until 00:00 UTC.`,
      retryAfter: untilReset(),
      costUsd: dollars(cost),
      dailyRemainingUsd: dollars(left),
      prepaidRemainingUsd: 0,
      creditsRequired: cost,
      creditsRemaining: left,
      onetimeCreditsRemaining: 0,
    }
    return json(body, 429, {
      ...headersOf(account, 0),
      'x-ratelimit-credits-required': `${cost}`,
      'x-ratelimit-cost-required-usd': `${dollars(cost)}`,
      'retry-after': `${untilReset()}`,
    })
  }

  return {
    /** Lets a request through, or refuses it. */
    check(context: Context<LabEnvironment>): Response | undefined {
      const { pathname, searchParams } = new URL(context.req.url)
      const key = keyOf(context)
      if (key !== undefined && !key.startsWith('lab-')) {
        ledger.violate('openalex', 'invalid_key', now(), 'a key that does not exist')
        return json({ error: 'Invalid or missing API key', message: 'API key not found' }, 401)
      }
      const account = accountOf(key)
      if (!account.requests.allow(now())) {
        const { perSecond } = account.plan
        ledger.violate('openalex', 'too_fast', now(), `more than ${perSecond} requests in a second`)
        const message = `You have exceeded the rate limit of ${perSecond} requests per second. Please try again later.`
        return json({ error: 'Rate limit exceeded', message, retryAfter: 1 }, 429, {
          ...headersOf(account, 0),
          'retry-after': '1',
        })
      }
      const cost = creditsOf(pathname, searchParams)
      if (searchParams.has('search.semantic') && !account.semantic.allow(now())) {
        ledger.violate('openalex', 'too_fast', now(), 'more than one semantic search in a second')
        return json(
          { error: 'Rate limit exceeded', message: 'Semantic search is limited to 1 request per second.' },
          429,
          { 'retry-after': '1' },
        )
      }
      if (booleanOperators(searchParams) > 5 && !account.boolean.allow(now())) {
        ledger.violate(
          'openalex',
          'too_fast',
          now(),
          `more than ${account.plan.booleanPerSecond} large boolean searches in a second`,
        )
        return json(
          {
            error: 'Rate limit exceeded',
            message: 'Searches with more than 5 boolean operators are limited.',
          },
          429,
          { 'retry-after': '1' },
        )
      }
      if (cost > 0 && now() < account.closedUntil)
        ledger.violate(
          'openalex',
          'ignored_retry_after',
          now(),
          'a request that costs credits, before the time given',
        )
      return cost > account.plan.credits - account.used ? exhausted(account, cost) : undefined
    },

    /** Takes a request's credits, unless it failed on the service's side, and says so in its headers. */
    settle(context: Context<LabEnvironment>): void {
      const { pathname, searchParams } = new URL(context.req.url)
      const account = accountOf(keyOf(context))
      const cost = context.res.ok ? creditsOf(pathname, searchParams) : 0
      account.used += cost
      for (const [name, value] of Object.entries(headersOf(account, cost)))
        context.res.headers.set(name, value)
    },

    hasKey: (context: Context<LabEnvironment>): boolean => keyOf(context) !== undefined,
  }
}

function keyOf(context: Context<LabEnvironment>): string | undefined {
  return (
    /^Bearer (\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1] ?? context.req.query('api_key')
  )
}
