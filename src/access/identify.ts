import { type Caller, localCaller, lowerScope } from '../contract/caller.ts'
import { SheafError } from '../errors.ts'
import { findLogin } from '../store/logins.ts'
import { findToken, noteTokenUse } from '../store/tokens.ts'
import { findUser } from '../store/users.ts'
import type { Access } from './access.ts'
import { highestScope } from './highest-scope.ts'
import { hashOf, isSecret } from './secrets.ts'

/** What a request brings to say who asks. */
export interface Credentials {
  /** The header of that name. */
  readonly authorization?: string | undefined
  /** The cookie of a login. */
  readonly login?: string | undefined
}

const minute = 60_000
/** Compared with where a token is unknown, so that this takes as long. */
const noHash = Buffer.alloc(32)

/**
 * Says who asks. Nothing is remembered between requests, so that what was revoked is so at once, at every replica. A token
 * goes before a cookie, and a wrong one is never passed over.
 * @throws {SheafError} `unauthenticated`
 */
export function identify(access: Access, { authorization, login }: Credentials): Promise<Caller> {
  if (authorization !== undefined) return byToken(access, authorization)
  if (!access.rules.loginRequired) return Promise.resolve(localCaller)
  if (login !== undefined) return byLogin(access, login)
  throw notLoggedIn(access, 'This needs a login.')
}

/**
 * Which of many credentials are still good, in the given order: for what lasts longer than a request. The same ones are
 * looked at once.
 */
export async function stillKnown(access: Access, all: readonly Credentials[]): Promise<boolean[]> {
  const looks = new Map<string, Promise<boolean>>()
  return Promise.all(
    all.map((credentials) => {
      const key = JSON.stringify([credentials.authorization, credentials.login])
      const look = looks.get(key) ?? isKnown(access, credentials)
      looks.set(key, look)
      return look
    }),
  )
}

async function isKnown(access: Access, credentials: Credentials): Promise<boolean> {
  try {
    await identify(access, credentials)
    return true
  } catch (thrown) {
    if (SheafError.isInstance(thrown) && thrown.code === 'unauthenticated') return false
    throw thrown
  }
}

async function byToken(access: Access, authorization: string): Promise<Caller> {
  const { sql, rules } = access
  const bearer = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
  if (bearer !== undefined && access.isOwnSecret?.(bearer)) return localCaller
  const [, id, secret] = /^Bearer +sheaf_([0-9a-z-]{14})_([A-Za-z0-9_-]{43})$/i.exec(authorization) ?? []
  if (id === undefined || secret === undefined) throw notLoggedIn(access, 'This is no token of Sheaf.')
  const token = await findToken(sql, id)
  if (!isSecret(secret, token?.hash ?? noHash) || !token) throw notLoggedIn(access, 'The token is not known.')
  if (token.revokedAt) throw notLoggedIn(access, 'The token was revoked.')
  if (token.expired) throw notLoggedIn(access, 'The token has expired.')
  const user = await findUser(sql, token.user)
  const most = user && highestScope(rules, user)
  if (!most) throw notLoggedIn(access, 'The user of this token may no longer use this server.')
  if (!token.usedAt || Date.now() - token.usedAt.getTime() > minute) await noteTokenUse(sql, id)
  return { user: token.user, scope: lowerScope(token.scope, most), by: 'token', token: id }
}

async function byLogin(access: Access, cookie: string): Promise<Caller> {
  const { sql, rules } = access
  const id = await findLogin(sql, hashOf(cookie))
  const user = id === undefined ? undefined : await findUser(sql, id)
  const scope = user && highestScope(rules, user)
  if (!scope) throw notLoggedIn(access, 'The login has ended.')
  return { user: user.id, scope, by: 'login' }
}

function notLoggedIn({ provider }: Access, message: string): SheafError {
  return new SheafError('unauthenticated', message, {
    advice: provider
      ? 'Log in at /auth/login, or send a token as "Authorization: Bearer …".'
      : 'Send a token as "Authorization: Bearer …"; "sheaf tokens create" makes one.',
  })
}
