import { sql } from 'kysely'
import { type Gate, type GateAnswer, gateSchema } from '../contract/gates.ts'
import type { Sql } from './database.ts'
import { storableJson, storableText } from './text.ts'

/**
 * Opens a gate of a session, or opens it again with a new question when it had been answered. Returns whether it was
 * closed before: of several tasks that ask the same, one opens it.
 */
export async function openGate(
  db: Sql,
  session: string,
  { gate, message, details }: Pick<Gate, 'gate' | 'message' | 'details'>,
): Promise<boolean> {
  const values = {
    state: 'pending',
    message: storableText(message),
    details: storableJson(details),
    answer: null,
    resolved_at: null,
  }
  const opened = await db
    .insertInto('gates')
    .values({ session, gate, ...values })
    .onConflict((conflict) =>
      conflict.columns(['session', 'gate']).doUpdateSet(values).where('gates.state', '<>', 'pending'),
    )
    .executeTakeFirst()
  return opened.numInsertedOrUpdatedRows === 1n
}

/** Closes a pending gate with a person's answer. Returns whether it was pending. */
export async function resolveGate(
  db: Sql,
  session: string,
  gate: Gate['gate'],
  state: 'approved' | 'rejected',
  answer: GateAnswer,
): Promise<boolean> {
  const resolved = await db
    .updateTable('gates')
    .set({ state, answer: storableJson(answer), resolved_at: sql<Date>`clock_timestamp()` })
    .where('session', '=', session)
    .where('gate', '=', gate)
    .where('state', '=', 'pending')
    .executeTakeFirst()
  return resolved.numUpdatedRows === 1n
}

/** Every gate a session has come to, by name. */
export async function gatesOf(db: Sql, session: string): Promise<ReadonlyMap<Gate['gate'], Gate>> {
  const rows = await db
    .selectFrom('gates')
    .select(['gate', 'state', 'message', 'details', 'answer'])
    .where('session', '=', session)
    .orderBy('gate')
    .execute()
  return new Map(
    rows.map(({ answer, ...row }) => {
      const gate = gateSchema.parse({ ...row, ...(answer === null ? {} : { answer }) })
      return [gate.gate, gate]
    }),
  )
}
