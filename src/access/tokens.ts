import { randomBytes } from 'node:crypto'
import { loggedInPrefix, type NewToken, type TokenView } from '../contract/api/access.ts'
import { type ListPage, type PageQuery, pageOf } from '../contract/api/paging.ts'
import { type Caller, lowerScope, may } from '../contract/caller.ts'
import { SheafError } from '../errors.ts'
import { sessionId } from '../store/sessions.ts'
import * as stored from '../store/tokens.ts'
import { findUser, storeUser } from '../store/users.ts'
import type { Access } from './access.ts'
import { highestScope } from './highest-scope.ts'
import { hashOf, newSecret } from './secrets.ts'

const day = 24 * 3600 * 1000

/**
 * Makes a token for oneself or, as an administrator, for any user, who is entered where nobody has that name. Its secret is
 * in the answer and nowhere else. Nobody gives more than they have: neither scope nor, with a token that expires, time.
 * @throws {SheafError} `forbidden`; `not_found` for somebody who has never logged in.
 */
export async function createToken(
  { sql, rules }: Pick<Access, 'sql' | 'rules'>,
  caller: Caller,
  request: NewToken,
): Promise<TokenView & { token: string }> {
  const { name, user: id = caller.user, scope = lowerScope('write', caller.scope), expiresInDays } = request
  if (id !== caller.user && !may(caller, 'admin'))
    throw new SheafError('forbidden', 'Only an administrator makes tokens for others.')
  if (!may(caller, scope))
    throw new SheafError('forbidden', `You have the scope “${caller.scope}” and cannot give “${scope}”.`)
  const own = caller.token === undefined ? undefined : await stored.findToken(sql, caller.token)
  const asked = expiresInDays === undefined ? undefined : new Date(Date.now() + expiresInDays * day)
  if (!id.startsWith(loggedInPrefix)) await storeUser(sql, id)
  const user = await findUser(sql, id)
  if (!user) throw new SheafError('not_found', `There is no user ${id}.`)
  const most = highestScope(rules, user)
  if (!most || lowerScope(scope, most) !== scope)
    throw new SheafError('forbidden', `${id} may not have a token with the scope “${scope}”.`)
  const secret = newSecret()
  const token = await stored.storeToken(sql, {
    // Names that sort by time, as sessions have them.
    id: sessionId(new Date(), randomBytes(6)),
    user: id,
    name,
    scope,
    hash: hashOf(secret),
    expiresAt: earlier(asked, own?.expiresAt),
  })
  return { ...viewOf(token), token: `sheaf_${token.id}_${secret}` }
}

/** Tokens, newest first: one's own; an administrator sees all. */
export async function listTokens(
  { sql }: Pick<Access, 'sql'>,
  caller: Caller,
  { limit, after }: PageQuery,
): Promise<ListPage<TokenView>> {
  const found = await stored.listTokens(sql, {
    limit: limit + 1,
    before: after,
    user: may(caller, 'admin') ? undefined : caller.user,
  })
  return pageOf(found.map(viewOf), limit, ({ id }) => id)
}

/**
 * Revokes a token: one's own, or anybody's as an administrator. It holds at once, at every replica.
 * @throws {SheafError} `not_found`, also for a token of somebody else.
 */
export async function revokeToken(
  { sql }: Pick<Access, 'sql'>,
  caller: Caller,
  id: string,
): Promise<TokenView> {
  const token = await stored.revokeToken(sql, id, may(caller, 'admin') ? undefined : caller.user)
  if (!token) throw new SheafError('not_found', `There is no token ${id}.`)
  return viewOf(token)
}

function earlier(one: Date | undefined, other: Date | undefined): Date | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return one < other ? one : other
}

function viewOf({ createdAt, expiresAt, usedAt, revokedAt, ...same }: stored.Token): TokenView {
  return {
    ...same,
    createdAt: createdAt.toISOString(),
    ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
    ...(usedAt && { usedAt: usedAt.toISOString() }),
    ...(revokedAt && { revokedAt: revokedAt.toISOString() }),
  }
}
