import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { describeEachStore } from '../../test/support/each-store.ts'
import { openDatabase } from './database.ts'
import { libraryFolders } from './library.ts'
import { createSession, getSession, listSessions } from './sessions.ts'

await describeEachStore('the database', (store) => {
  describe('transactions', () => {
    test('of several clients at once do not mix', async () => {
      const insert = (id: string, fails: boolean) =>
        store.database.sql
          .transaction()
          .execute(async (trx) => {
            for (const part of ['a', 'b', 'c']) {
              await createSession(trx, { id: `${id}${part}`, question: 'q', settings: {} })
              await setTimeout(1)
            }
            if (fails) throw new Error('no')
          })
          .catch(() => undefined)
      await Promise.all([
        ...Array.from({ length: 10 }, (_, index) => insert(`t${index}`, index % 2 === 1)),
        ...Array.from({ length: 10 }, (_, index) =>
          createSession(store.database.sql, { id: `u${index}`, question: 'q', settings: {} }),
        ),
      ])
      const ids = (await listSessions(store.database.sql, { limit: 100 })).map(({ id }) => id)
      const kept = [0, 2, 4, 6, 8].flatMap((index) => ['a', 'b', 'c'].map((part) => `t${index}${part}`))
      const alone = Array.from({ length: 10 }, (_, index) => `u${index}`)
      expect(ids.sort()).toEqual(['s1', ...kept, ...alone].sort())
    })

    test('left open by a client are rolled back when it is given back', async () => {
      const client = await store.database.pool.connect()
      await client.query('begin')
      await client.query(`insert into sheaf.library_folders (path) values ('/lost')`)
      client.release(store.kind === 'postgres')
      expect(await libraryFolders(store.database.sql)).toEqual([])
    })

    test('that fail give errors with code and constraint', async () => {
      const twice = sql`insert into sheaf.library_folders (path) values ('/a'), ('/a')`
      await expect(twice.execute(store.database.sql)).rejects.toMatchObject({
        code: '23505',
        constraint: 'library_folders_pkey',
      })
    })
  })

  test('opening a database again changes nothing, and several at once do not collide', async () => {
    const opened =
      store.kind === 'postgres' ? await Promise.all([1, 2, 3].map(() => openDatabase(store.data.config))) : []
    expect(await getSession(store.database.sql, 's1')).toMatchObject({ id: 's1' })
    await Promise.all(opened.map((other) => other.close()))
  })
})
