import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { createSession } from '../../src/store/sessions.ts'
import { databaseKinds, type TestDatabase } from './databases.ts'
import { empty } from './empty.ts'
import { describeService } from './services.ts'

/** What tests of the store are given: it is open while they run, and empty but for session `s1` before each. */
export interface StoreUnderTest {
  readonly kind: 'pglite' | 'postgres'
  readonly data: TestDatabase
  readonly database: Database
}

/** Runs the same tests of the store on every kind of database. */
export async function describeEachStore(name: string, tests: (store: StoreUnderTest) => void): Promise<void> {
  for (const { kind, service, create } of await databaseKinds()) {
    describeService(service, `${name} on ${kind}`, () => {
      const store = { kind } as { -readonly [Key in keyof StoreUnderTest]: StoreUnderTest[Key] }
      beforeAll(async () => {
        store.data = await create()
        store.database = await openDatabase(store.data.config)
      })
      afterAll(async () => {
        await store.database.close()
        await store.data.remove()
      })
      beforeEach(async () => {
        const db = store.database.sql
        await empty(db, 'sessions', 'uploads', 'library_files', 'library_folders', 'documents', 'embeddings')
        await createSession(db, { id: 's1', question: 'Why?', settings: { depth: 1 } })
      })
      tests(store)
    })
  }
}
