import { type Kysely, sql } from 'kysely'

/** What kept questions of models from being asked twice at once does so for all that is made once. */
export async function up(db: Kysely<never>): Promise<void> {
  const schema = db.schema.withSchema('sheaf')
  await schema.alterTable('model_claims').renameTo('leases').execute()
  await schema.alterTable('leases').renameColumn('question', 'name').execute()
  await sql`alter index sheaf.model_claims_pkey rename to leases_pkey`.execute(db)
}
