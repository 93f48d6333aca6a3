import { sql } from 'kysely'
import type { Sql } from './database.ts'

/** What the calls of one task to one model came to. Tokens are those that providers reported. */
export interface CostLine {
  readonly task: string
  /** `provider/model`. */
  readonly model: string
  /** Calls that were made, whatever came of them; how many of them are under way, and gave no answer that was used. */
  readonly calls: number
  readonly asking: number
  readonly failed: number
  /** Questions that were answered by what is kept. */
  readonly kept: number
  readonly inputTokens: number
  readonly cachedTokens: number
  readonly cacheWriteTokens: number
  readonly outputTokens: number
  readonly reasoningTokens: number
  /** What budgets count: also what was estimated for calls of which nobody knows what they used. */
  readonly tokens: number
  /** US dollars, with such estimates; undefined when the price of a call is unknown. */
  readonly cost: number | undefined
  /** Milliseconds from asking to the end of the answer, on average; undefined when no call has ended. */
  readonly latency: number | undefined
}

/** What a session's calls of language models came to. */
export interface SessionCost {
  /** By task, then model, in code-point order. */
  readonly lines: readonly CostLine[]
  readonly total: Omit<CostLine, 'task' | 'model' | 'latency'>
}

const sums = [
  'calls',
  'asking',
  'failed',
  'kept',
  'inputTokens',
  'cachedTokens',
  'cacheWriteTokens',
  'outputTokens',
  'reasoningTokens',
  'tokens',
] as const

/** Adds up the ledger of a session. */
export async function costOf(db: Sql, session: string): Promise<SessionCost> {
  const { rows } = await sql<
    Omit<CostLine, 'cost' | 'latency'> & { cost: number | null; latency: number | null }
  >`
    select task, provider || '/' || model as model,
      count(*) filter (where outcome <> 'kept')::int as calls,
      count(*) filter (where outcome = 'asking')::int as asking,
      count(*) filter (where outcome not in ('asking', 'answered', 'kept'))::int as failed,
      count(*) filter (where outcome = 'kept')::int as kept,
      coalesce(sum(input_tokens), 0)::float8 as "inputTokens",
      coalesce(sum(cached_tokens), 0)::float8 as "cachedTokens",
      coalesce(sum(cache_write_tokens), 0)::float8 as "cacheWriteTokens",
      coalesce(sum(output_tokens), 0)::float8 as "outputTokens",
      coalesce(sum(reasoning_tokens), 0)::float8 as "reasoningTokens",
      sum(tokens)::float8 as tokens,
      case when count(*) = count(cost) then sum(cost)::float8 end as cost,
      (avg(extract(epoch from finished_at - started_at)) filter (where outcome <> 'kept') * 1000)::float8 as latency
    from sheaf.model_calls where session = ${session} group by 1, 2 order by 1, 2`.execute(db)
  const lines = rows.map(({ cost, latency, ...row }) => ({
    ...row,
    cost: cost ?? undefined,
    latency: latency ?? undefined,
  }))
  const total = Object.fromEntries(
    sums.map((name) => [name, lines.reduce((sum, line) => sum + line[name], 0)]),
  ) as Record<(typeof sums)[number], number>
  const known = lines.every(({ cost }) => cost !== undefined)
  const cost = known ? lines.reduce((sum, line) => sum + line.cost!, 0) : undefined
  return { lines, total: { ...total, cost } }
}
