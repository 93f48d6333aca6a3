import { sql } from 'kysely'
import type { Sql } from './database.ts'

/** Whose documents and papers are searched: those of one user's eyes, or all there are. */
export type Viewer = { readonly visibleTo: string } | 'everything'

/** Sessions whose findings a user may see, as a subquery: their own, and those shared with them. */
export const sessionsOf = (user: string) => sql`
  (select id from sheaf.sessions where owner = ${user}
   union all select session from sheaf.shares where user_id = ${user})`

/** Sessions that a viewer may see, each once; undefined where that is all. */
export async function visibleSessions(db: Sql, viewer: Viewer): Promise<string[] | undefined> {
  if (viewer === 'everything') return undefined
  const { rows } = await sql<{ id: string }>`
    select distinct id from ${sessionsOf(viewer.visibleTo)} as visible`.execute(db)
  return rows.map(({ id }) => id)
}
