import { sql } from 'kysely'
import { openDatabase } from '../../../src/store/database.ts'
import { createExactIndex } from '../../../src/vectors/exact/exact-index.ts'
import { databaseKinds } from '../../../test/support/databases.ts'
import type { Figure } from '../figure.ts'
import { fillSessions, ownerOfSession, passagesOfSession } from './read-papers.ts'
import { searchVectors, takeIn } from './searches.ts'

/** Passages of a store, one size after another. */
const sizes = [50_000, 100_000, 250_000, 500_000, 1_000_000]

/** Searches by meaning in stores on Postgres that grow, without an extension in the server, by users and by an administrator. */
export async function vectors(): Promise<Figure[]> {
  const { service, create } = (await databaseKinds()).find(({ kind }) => kind === 'postgres')!
  if (service === undefined) return []
  const data = await create()
  const database = await openDatabase(data.config)
  const index = createExactIndex(database.sql)
  try {
    const figures: Figure[] = []
    let stored = 0
    for (const size of sizes) {
      const sessions = size / passagesOfSession
      await fillSessions(database.sql, stored, sessions)
      stored = sessions
      await sql`
        vacuum analyze sheaf.passages, sheaf.embeddings, sheaf.documents, sheaf.papers, sheaf.sessions, sheaf.shares`.execute(
        database.sql,
      )
      await takeIn(index)
      const found = await searchVectors(database.sql, index, size, {
        'a user': (number) => ({ user: ownerOfSession((number * 37) % sessions), scope: 'read' }),
        'an administrator': () => ({ user: 'root', scope: 'admin' }),
      })
      figures.push(...found.map((figure) => ({ ...figure, name: `${size}: ${figure.name}` })))
    }
    return figures
  } finally {
    await index.close()
    await database.close()
    await data.remove()
  }
}
