import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { databaseKinds } from '../../test/support/databases.ts'
import { storeTexts } from '../../test/support/search.ts'
import { describeService } from '../../test/support/services.ts'
import { openDatabase, type Sql } from '../store/database.ts'
import { keepEmbeddings } from '../store/embeddings.ts'
import { createIntake, nothingTaken } from './intake.ts'

const postgres = (await databaseKinds()).find(({ kind }) => kind === 'postgres')!
const model = 'lab/vectors'

/** Gives a document of one page a passage and its vector. */
async function index(db: Sql, document: string): Promise<void> {
  await sql`insert into sheaf.passages (document, page, first, last, sha256) values (${document}, 1, 0, 4, ${document})`.execute(
    db,
  )
  await keepEmbeddings(db, model, [{ sha256: document, vector: Int8Array.of(1, 2, 3) }])
}

describeService(postgres.service, 'an index on postgres', () => {
  test('takes in each passage once, also one whose transaction began before another and ended after it', async () => {
    const data = await postgres.create()
    const database = await openDatabase(data.config)
    const [early, late] = [
      await storeTexts(database.sql, 'early', ['text']),
      await storeTexts(database.sql, 'late', ['text']),
    ]
    const taken: string[] = []
    const intake = createIntake(database.sql, {
      start: async () => nothingTaken,
      take: async (_, rows) => void taken.push(...rows.map(({ document }) => document)),
    })
    const [stored, mayEnd] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const ended = database.sql.transaction().execute(async (trx) => {
      await index(trx, early)
      stored.resolve()
      await mayEnd.promise
    })
    await stored.promise
    await index(database.sql, late)
    await intake.upToDate(model)
    expect(taken).toEqual([late])
    mayEnd.resolve()
    await ended
    for (let time = 0; time < 2; time += 1) {
      await intake.upToDate(model)
      expect(taken).toEqual([late, early])
    }
    await database.close()
    await data.remove()
  })
})
