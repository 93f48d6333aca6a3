import { sql } from 'kysely'
import type { Sql } from './database.ts'
import { storableJson } from './text.ts'

/**
 * Tokens of a call, as the provider counts them; what it does not say is absent. Cached and written ones are among the
 * input, those of reasoning among the output.
 */
export interface Usage {
  readonly inputTokens?: number | undefined
  readonly outputTokens?: number | undefined
  readonly cachedTokens?: number | undefined
  readonly cacheWriteTokens?: number | undefined
  readonly reasoningTokens?: number | undefined
}

/** An answer that was paid for, as JSON text that is still to be parsed by the question's schema. */
export interface KeptAnswer {
  readonly answer: string
  /** `provider/model`. */
  readonly model: string
}

/** The first kept answer in the order of the keys. */
export async function findAnswer(db: Sql, keys: readonly string[]): Promise<KeptAnswer | undefined> {
  const { rows } = await sql<KeptAnswer>`
    select answer, model from sheaf.model_answers join unnest(${keys}::text[]) with ordinality as asked (key, place)
      using (key)
    order by place limit 1`.execute(db)
  return rows[0]
}

/** Keeps an answer, in the place of one that could not be read any more. Resolves with it as it will be found again. */
export async function keepAnswer(
  db: Sql,
  entry: {
    readonly key: string
    readonly task: string
    readonly model: string
    readonly answer: unknown
    readonly usage: Usage
  },
): Promise<KeptAnswer> {
  const { key, task, model } = entry
  const answer = storableJson(entry.answer)
  const values = { task, model, answer, usage: storableJson(entry.usage) }
  await db
    .insertInto('model_answers')
    .values({ key, ...values })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(values))
    .execute()
  return { answer, model }
}
