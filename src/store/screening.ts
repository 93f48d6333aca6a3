import { sql } from 'kysely'
import {
  type Label,
  labelSchema,
  type Overrule,
  overruleSchema,
  type ScreeningDecision,
  screeningDecisionSchema,
  type Tier,
} from '../contract/screening.ts'
import type { Sql } from './database.ts'
import { storableJson } from './text.ts'
import { readValues, storeValues } from './values.ts'

/** Stores decisions, one for each paper. Returns how many were new. */
export function storeDecisions(
  db: Sql,
  session: string,
  decisions: readonly ScreeningDecision[],
): Promise<number> {
  const rows = decisions.map((value) => ({ id: value.paperId, tier: value.tier, value }))
  return storeValues(db, 'decisions', session, rows)
}

/** All decisions of a session, by paper. */
export function decisionsOf(db: Sql, session: string): Promise<ScreeningDecision[]> {
  return readValues(db, 'decisions', screeningDecisionSchema, session)
}

/** Ids of the papers that were put into a tier, in order. */
export async function papersInTier(db: Sql, session: string, tier: Tier): Promise<string[]> {
  const rows = await db
    .selectFrom('decisions')
    .select('id')
    .where('session', '=', session)
    .where('tier', '=', tier)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** Core papers with the score that screening gave them. */
export async function coreScores(db: Sql, session: string): Promise<ReadonlyMap<string, number>> {
  const core = new Set(await papersInTier(db, session, 'core'))
  const decisions = await decisionsOf(db, session)
  return new Map(
    decisions.filter(({ paperId }) => core.has(paperId)).map(({ paperId, score }) => [paperId, score]),
  )
}

/** Replaces all decisions, in one transaction, when a person's labels have changed them. */
export async function replaceDecisions(
  db: Sql,
  session: string,
  decisions: readonly ScreeningDecision[],
): Promise<void> {
  const replace = async (trx: Sql) => {
    await trx.deleteFrom('decisions').where('session', '=', session).execute()
    await storeDecisions(trx, session, decisions)
  }
  await (db.isTransaction ? replace(db) : db.transaction().execute(replace))
}

/**
 * Stores a person's labels, in the order in which they were given. A later label for the same paper takes the place of the
 * earlier one and counts as given last.
 */
export async function storeLabels(db: Sql, session: string, labels: readonly Label[]): Promise<void> {
  if (labels.length === 0) return
  // One statement may not change a row twice: of several labels for a paper the last one counts.
  const latest = [...new Map(labels.map((label) => [label.paperId, label])).values()]
  await sql`
    insert into sheaf.labels (session, paper, label, reason, position)
    select ${session}, value ->> 'paperId', value ->> 'label', value ->> 'reason',
      number + (select coalesce(max(position), 0) from sheaf.labels where session = ${session})
    from jsonb_array_elements(${storableJson(latest)}::jsonb) with ordinality as label(value, number)
    on conflict (session, paper) do update
      set label = excluded.label, reason = excluded.reason, position = excluded.position`.execute(db)
}

/** Stores what a person has decided on papers; a later decision on the same paper takes the place of the earlier one. */
export async function storeOverrules(
  db: Sql,
  session: string,
  overrules: readonly Overrule[],
): Promise<void> {
  await sql`
    insert into sheaf.overrules (session, paper, value)
    select ${session}, value ->> 'paperId', value from jsonb_array_elements(${storableJson(overrules)}::jsonb)
    on conflict (session, paper) do update set value = excluded.value`.execute(db)
}

/** What a person has decided, by paper. */
export async function overrulesOf(db: Sql, session: string): Promise<ReadonlyMap<string, Overrule>> {
  const rows = await db.selectFrom('overrules').select('value').where('session', '=', session).execute()
  const overrules = rows.map(({ value }) => overruleSchema.parse(value))
  return new Map(overrules.map((overrule) => [overrule.paperId, overrule]))
}

/** Puts decisions in the place of those on the same papers. */
export async function changeDecisions(
  db: Sql,
  session: string,
  decisions: readonly ScreeningDecision[],
): Promise<void> {
  await sql`
    update sheaf.decisions set tier = changed.value ->> 'tier', value = changed.value
    from jsonb_array_elements(${storableJson(decisions)}::jsonb) as changed (value)
    where session = ${session} and id = changed.value ->> 'paperId'`.execute(db)
}

/** Takes a label back. Returns whether there was one. */
export async function removeLabel(db: Sql, session: string, paper: string): Promise<boolean> {
  const removed = await db
    .deleteFrom('labels')
    .where('session', '=', session)
    .where('paper', '=', paper)
    .executeTakeFirst()
  return removed.numDeletedRows === 1n
}

/** A person's labels, in the order in which they were given. */
export async function labelsOf(db: Sql, session: string): Promise<Label[]> {
  const rows = await db
    .selectFrom('labels')
    .select(['paper', 'label', 'reason'])
    .where('session', '=', session)
    .orderBy('position')
    .execute()
  return rows.map(({ paper, label, reason }) =>
    labelSchema.parse({ paperId: paper, label, ...(reason === null ? {} : { reason }) }),
  )
}
