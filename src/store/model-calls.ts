import { sql } from 'kysely'
import type { Sql } from './database.ts'
import type { Usage } from './model-answers.ts'
import { storableText } from './text.ts'

/** How a call ended; `asking` until then, `kept` where an answer was there and nobody was asked. */
export type CallOutcome =
  | 'asking'
  | 'answered'
  /** The provider failed, or refused the request. */
  | 'failed'
  | 'rate_limited'
  /** The model would not answer. */
  | 'refused'
  /** The answer had not the shape that was asked for. */
  | 'unusable'
  /** Stopped, or lost with its process. */
  | 'aborted'
  | 'kept'

/** What a call is for and whom it asks. */
export interface CallSubject {
  /** Absent for what serves all sessions: only the day's budget counts it. */
  readonly session?: string | undefined
  readonly task: string
  readonly provider: string
  readonly model: string
}

/** Tokens, and US dollars where the price is known. */
export interface Spending {
  readonly tokens: number
  readonly cost: number | undefined
}

/** What may be spent in all; undefined for no bound. */
export interface Budget {
  readonly tokens?: number | undefined
  readonly cost?: number | undefined
}

/** Which budget leaves no room. */
export interface NoRoom {
  readonly scope: 'session' | 'user' | 'day'
  readonly unit: 'tokens' | 'USD'
  /** By calls that have ended. */
  readonly spent: number
  readonly limit: number
  /** Whether there may be room when calls under way have ended with less than was estimated. */
  readonly passing: boolean
}

const dayOf = sql`'day/' || to_char(started_at at time zone 'UTC', 'YYYY-MM-DD')`
const userDayOf = sql`'user/' || (select owner from sheaf.sessions where id = session) || '/' || to_char(started_at at time zone 'UTC', 'YYYY-MM-DD')`
/** Of an error's text so much is kept. */
const longestError = 500

/**
 * Enters a call before it is made, with what it may come to at most, unless a budget would be passed: calls under way count
 * with their estimates, and all who enter calls of one session, user or day do so one after another.
 * @param lifetime milliseconds after which an open call is taken to be lost
 */
export function openCall(
  db: Sql,
  subject: CallSubject,
  options: {
    readonly estimate: Spending
    readonly lifetime: number
    readonly sessionBudget: Budget
    /** What the session's owner may spend in a day; what is asked for no session is nobody's. Default: no bound. */
    readonly userBudget?: Budget | undefined
    readonly dayBudget: Budget
  },
): Promise<{ call: string } | NoRoom> {
  const { session, task, provider, model } = subject
  const { estimate, lifetime } = options
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ day: string; userDay: string | null; time: string }>`
      select ${dayOf} as day, ${userDayOf} as "userDay", started_at::text as time
      from (select clock_timestamp() as started_at, ${session ?? null}::text as session) as present`.execute(
      trx,
    )
    const { day, userDay, time } = rows[0]!
    const scopes = [
      { scope: day, kind: 'day' as const, owner: null, budget: options.dayBudget },
      ...(session === undefined
        ? []
        : [
            { scope: userDay!, kind: 'user' as const, owner: null, budget: options.userBudget ?? {} },
            {
              scope: `session/${session}`,
              kind: 'session' as const,
              owner: session,
              budget: options.sessionBudget,
            },
          ]),
    ]
    for (const { scope, kind, owner, budget } of scopes) {
      const full = noRoom(await lockSpending(trx, scope, owner), estimate, budget)
      if (full) return { ...full, scope: kind }
    }
    for (const { scope } of scopes)
      await sql`
        update sheaf.model_spending set asking_tokens = asking_tokens + ${estimate.tokens},
          asking_cost = asking_cost + ${estimate.cost ?? 0} where scope = ${scope}`.execute(trx)
    const entered = await sql<{ id: string }>`
      insert into sheaf.model_calls (session, task, provider, model, started_at, expires_at, outcome, tokens, cost)
      values (${session ?? null}, ${task}, ${provider}, ${model}, ${time}::timestamptz,
        ${time}::timestamptz + ${lifetime} * interval '1 millisecond', 'asking', ${estimate.tokens}, ${estimate.cost ?? null})
      returning id::text`.execute(trx)
    return { call: entered.rows[0]!.id }
  })
}

interface SpendingSoFar {
  tokens: number
  cost: number
  asking_tokens: number
  asking_cost: number
}

async function lockSpending(trx: Sql, scope: string, session: string | null): Promise<SpendingSoFar> {
  await sql`
    insert into sheaf.model_spending (scope, session) values (${scope}, ${session}) on conflict do nothing`.execute(
    trx,
  )
  const { rows } = await sql<SpendingSoFar>`
    select tokens::float8, cost::float8, asking_tokens::float8, asking_cost::float8
    from sheaf.model_spending where scope = ${scope} for update`.execute(trx)
  return rows[0]!
}

function noRoom(so: SpendingSoFar, estimate: Spending, budget: Budget): Omit<NoRoom, 'scope'> | undefined {
  const units = [
    {
      unit: 'tokens',
      spent: so.tokens,
      asking: so.asking_tokens,
      more: estimate.tokens,
      limit: budget.tokens,
    },
    { unit: 'USD', spent: so.cost, asking: so.asking_cost, more: estimate.cost ?? 0, limit: budget.cost },
  ] as const
  const full = units.filter(
    ({ spent, asking, more, limit }) => limit !== undefined && spent + asking + more > limit,
  )
  const worst = full.find(({ spent, more, limit }) => spent + more > limit!) ?? full[0]
  if (worst === undefined) return undefined
  const { unit, spent, more, limit } = worst
  return { unit, spent, limit: limit!, passing: spent + more <= limit! }
}

/**
 * Enters how a call ended. Where nobody knows what was used, the estimate is taken to have been spent. One that had been
 * given up as lost stays so.
 */
export function closeCall(
  db: Sql,
  call: string,
  end: {
    readonly outcome: Exclude<CallOutcome, 'asking' | 'kept'>
    readonly spent?: Spending | undefined
    readonly usage?: Usage | undefined
    readonly error?: string | undefined
  },
): Promise<void> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<{
      session: string | null
      day: string
      userDay: string | null
      tokens: number
      cost: string | null
    }>`
      select session, ${dayOf} as day, ${userDayOf} as "userDay", tokens::float8, cost::text from sheaf.model_calls
      where id = ${call}::bigint and outcome = 'asking' for update`.execute(trx)
    const open = rows[0]
    if (open === undefined) return
    const spent = end.spent ?? { tokens: open.tokens, cost: open.cost ?? undefined }
    const { usage = {} } = end
    await sql`
      update sheaf.model_calls set finished_at = clock_timestamp(), outcome = ${end.outcome},
        tokens = ${spent.tokens}, cost = ${spent.cost ?? null},
        input_tokens = ${usage.inputTokens ?? null}, output_tokens = ${usage.outputTokens ?? null},
        cached_tokens = ${usage.cachedTokens ?? null}, cache_write_tokens = ${usage.cacheWriteTokens ?? null},
        reasoning_tokens = ${usage.reasoningTokens ?? null},
        error = ${end.error === undefined ? null : storableText(end.error).slice(0, longestError)}
      where id = ${call}::bigint`.execute(trx)
    const own = open.session === null ? [] : [open.userDay!, `session/${open.session}`]
    for (const scope of [open.day, ...own])
      await sql`
        update sheaf.model_spending set
          tokens = tokens + ${spent.tokens}, asking_tokens = asking_tokens - ${open.tokens},
          cost = cost + ${spent.cost ?? 0}, asking_cost = asking_cost - ${open.cost ?? 0}
        where scope = ${scope}`.execute(trx)
  })
}

/** Closes calls that were lost with their process. Whether they were paid is unknown, so they count as they were estimated. */
export async function closeLostCalls(db: Sql): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id::text from sheaf.model_calls
    where outcome = 'asking' and expires_at <= clock_timestamp() order by id`.execute(db)
  for (const { id } of rows)
    await closeCall(db, id, { outcome: 'aborted', error: 'The process that asked has ended.' })
}

/** Enters that a question was answered by what is kept: a row of no cost, so that hits are counted beside the calls. */
export async function enterKept(db: Sql, { session, task, provider, model }: CallSubject): Promise<void> {
  await sql`
    insert into sheaf.model_calls
      (session, task, provider, model, started_at, expires_at, finished_at, outcome, tokens, cost)
    select ${session ?? null}, ${task}, ${provider}, ${model}, time, time, time, 'kept', 0, 0 from clock_timestamp() as time`.execute(
    db,
  )
}
