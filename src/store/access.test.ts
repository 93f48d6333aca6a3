import { createHash, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { describeEachStore } from '../../test/support/each-store.ts'
import { listAudit, storeAudit, wasAuditedLately } from './audit.ts'
import { findLogin, removeLogin, storeAttempt, storeLogin, takeAttempt } from './logins.ts'
import { countAtWork, createSession } from './sessions.ts'
import { findToken, listTokens, noteTokenUse, revokeToken, storeToken } from './tokens.ts'
import { findUser, searchUsers, storeLoggedIn, storeUser } from './users.ts'

const hash = (text: string) => createHash('sha256').update(text).digest()

await describeEachStore('who may do what', (store) => {
  const db = () => store.database.sql
  beforeEach(async () => {
    await sql`delete from sheaf.users where id <> 'local'`.execute(db())
    await sql`truncate sheaf.audit, sheaf.login_attempts`.execute(db())
    await storeUser(db(), 'anna')
  })

  test('a user of the identity provider is known by issuer and subject, and is as they were last', async () => {
    const person = { issuer: 'https://one.example/', subject: 's', name: 'A', email: 'a@example.org' }
    const first = await storeLoggedIn(db(), { id: 'u-1', ...person })
    const again = await storeLoggedIn(db(), { id: 'u-2', ...person, name: 'B\u0000', email: undefined })
    expect(again).toEqual({ id: 'u-1', issuer: person.issuer, subject: 's', name: 'B\ufffd' })
    expect(await findUser(db(), first.id)).toEqual(again)
    await storeLoggedIn(db(), { id: 'u-3', ...person, issuer: 'https://two.example/' })
    const found = (prefix: string, after?: string) => searchUsers(db(), { prefix, limit: 10, after })
    expect((await found('U-')).map(({ id }) => id)).toEqual(['u-1', 'u-3'])
    expect((await found('u-', 'u-1')).map(({ id }) => id)).toEqual(['u-3'])
    expect((await found('A@EX')).map(({ id }) => id)).toEqual(['u-3'])
    for (const wild of ['%', '_-', '\\', '\u0000']) expect(await found(wild)).toEqual([])
  })

  test('a token is found with its hash, used, and revoked once', async () => {
    const token = { user: 'anna', name: 'x', scope: 'write', hash: hash('x'), expiresAt: undefined } as const
    await storeToken(db(), { ...token, id: 'a' })
    await storeToken(db(), { ...token, id: 'b', user: 'local', expiresAt: new Date(Date.now() - 1000) })
    expect(await findToken(db(), 'a')).toMatchObject({ hash: hash('x'), expired: false, scope: 'write' })
    expect(await findToken(db(), 'b')).toMatchObject({ expired: true })
    await noteTokenUse(db(), 'a')
    const { usedAt } = (await findToken(db(), 'a'))!
    await noteTokenUse(db(), 'a')
    expect((await findToken(db(), 'a'))!.usedAt).toEqual(usedAt)
    expect(await revokeToken(db(), 'a', 'local')).toBeUndefined()
    const { revokedAt } = (await revokeToken(db(), 'a', 'anna'))!
    expect((await revokeToken(db(), 'a'))!.revokedAt).toEqual(revokedAt)
    const ids = async (filter: object) =>
      (await listTokens(db(), { limit: 9, ...filter })).map(({ id }) => id)
    expect(await ids({})).toEqual(['b', 'a'])
    expect(await ids({ before: 'b' })).toEqual(['a'])
    expect(await ids({ user: 'anna' })).toEqual(['a'])
  })

  test('a login is its browser’s until it ends; one that has begun is finished once', async () => {
    await storeLogin(db(), hash('one'), 'anna')
    expect(await findLogin(db(), hash('one'))).toBe('anna')
    expect(await findLogin(db(), hash('two'))).toBeUndefined()
    await sql`update sheaf.logins set seen_at = now() - interval '2 hours'`.execute(db())
    expect(await findLogin(db(), hash('one'))).toBe('anna')
    const { rows } = await sql<{ fresh: boolean }>`
      select seen_at > now() - interval '1 minute' as fresh from sheaf.logins`.execute(db())
    expect(rows).toEqual([{ fresh: true }])
    await sql`update sheaf.logins set expires_at = now()`.execute(db())
    await storeLogin(db(), hash('three'), 'anna')
    expect(await removeLogin(db(), hash('one'))).toBeUndefined()
    expect(await removeLogin(db(), hash('three'))).toBe('anna')

    const attempt = { state: 's', nonce: 'n', verifier: 'v', returnTo: '/' }
    await storeAttempt(db(), hash('a'), attempt)
    const taken = await Promise.all([takeAttempt(db(), hash('a')), takeAttempt(db(), hash('a'))])
    expect(taken.filter((one) => one !== undefined)).toEqual([attempt])
  })

  test('the log is read by user, action and time, and takes any text as target', async () => {
    const entry = { user: 'anna', address: '::1', action: 'token.made', target: '/tokens/a', outcome: 'done' }
    await storeAudit(db(), entry)
    await storeAudit(db(), { ...entry, user: undefined, action: 'login', target: `\u0000${'x'.repeat(400)}` })
    const read = async (filter: object) =>
      (await listAudit(db(), { limit: 9, ...filter })).map((one) => one.action)
    expect(await read({})).toEqual(['login', 'token.made'])
    expect(await read({ user: 'anna' })).toEqual(['token.made'])
    expect(await read({ action: 'login' })).toEqual(['login'])
    expect(await read({ since: new Date(Date.now() + 60_000) })).toEqual([])
    expect(await read({ until: new Date(Date.now() + 60_000), limit: 1 })).toEqual(['login'])
    const [newest] = await listAudit(db(), { limit: 1 })
    expect(newest!.target).toHaveLength(300)
    expect(await read({ before: newest!.id })).toEqual(['token.made'])
    expect(await wasAuditedLately(db(), entry)).toBe(true)
    expect(await wasAuditedLately(db(), { ...entry, user: 'ben' })).toBe(false)
  })

  test('of those who start reviews at once, each counts the others’', async () => {
    const start = () =>
      db()
        .transaction()
        .execute(async (transaction) => {
          const before = await countAtWork(transaction, 'anna')
          const id = randomUUID().replaceAll('-', '')
          await createSession(transaction, { id, owner: 'anna', question: 'q', settings: {} })
          return before
        })
    expect((await Promise.all([start(), start(), start()])).toSorted()).toEqual([0, 1, 2])
    expect(
      await db()
        .transaction()
        .execute((transaction) => countAtWork(transaction, 'ben')),
    ).toBe(0)
  })
})
