import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { databaseFolder } from '../config.ts'
import { lockFolder } from '../store/pglite/lock.ts'
import { createOwnServer, isDataFolderHeld, notedServer } from './own-server.ts'

test('a server is known by the secret in its own data folder, and by no other', () => {
  const homes = ['ada', 'ben'].map((name) => mkdtempSync(join(tmpdir(), `sheaf-${name}-`)))
  const locks = homes.map((home) => lockFolder(databaseFolder(home)))
  const [adas, bens] = homes.map((home, index) => {
    const own = createOwnServer({ home })
    own.announce(`http://127.0.0.1:${4320 + index}`)
    return { own, secret: notedServer({ home })!.secret }
  })
  expect([adas!.own.accepts(adas!.secret), bens!.own.accepts(bens!.secret)]).toEqual([true, true])
  expect([adas!.own.accepts(bens!.secret), bens!.own.accepts(adas!.secret)]).toEqual([false, false])
  expect(['', 'undefined', `${adas!.secret}x`].some((token) => adas!.own.accepts(token))).toBe(false)

  adas!.own.withdraw()
  expect(notedServer({ home: homes[0]! })).toBeUndefined()
  expect(notedServer({ home: homes[1]!, databaseUrl: 'postgres://127.0.0.1/sheaf' })).toBeUndefined()
  expect(isDataFolderHeld({ home: homes[0]! })).toBe(true)
  for (const lock of locks) lock.release()
  expect(isDataFolderHeld({ home: homes[0]! })).toBe(false)
  for (const home of homes) rmSync(home, { recursive: true })
})
