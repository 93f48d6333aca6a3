import { type Kysely, sql } from 'kysely'

/** Questions that wait for an answer are looked for every few seconds, among all messages there ever were. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`create index messages_pending_index on sheaf.messages (conversation, number)
    where value ->> 'state' = 'pending'`.execute(db)
}
