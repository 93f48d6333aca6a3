import { randomBytes } from 'node:crypto'
import { loggedInPrefix } from '../contract/api/access.ts'
import { SheafError } from '../errors.ts'
import { removeLogin, storeAttempt, storeLogin, takeAttempt } from '../store/logins.ts'
import { storeLoggedIn } from '../store/users.ts'
import type { Access } from './access.ts'
import { highestScope } from './highest-scope.ts'
import type { IdentityProvider } from './identity-provider.ts'
import { hashOf, newSecret } from './secrets.ts'

/**
 * Begins a login: where to send the browser, and what it has to bring back, which binds the answer to this browser.
 * @param returnTo a path of this server to go on to afterwards
 * @throws {SheafError} `not_found` without a provider, `invalid_input` for another server's address, `upstream_failed`
 */
export async function beginLogin(access: Access, returnTo: string): Promise<{ url: URL; secret: string }> {
  const provider = providerOf(access)
  const goOn = pathHere(access, returnTo)
  const { url, attempt } = await provider.begin()
  const secret = newSecret()
  await storeAttempt(access.sql, hashOf(secret), { ...attempt, returnTo: goOn })
  return { url, secret }
}

/**
 * Ends a login that has begun: who it is, what their browser keeps from now on, and where it goes.
 * @throws {SheafError} `unauthenticated`; `forbidden` for who may not use this server; `upstream_failed`
 */
export async function finishLogin(
  access: Access,
  { secret, query }: { secret: string | undefined; query: string },
): Promise<{ user: string; secret: string; returnTo: string }> {
  const provider = providerOf(access)
  const attempt = secret === undefined ? undefined : await takeAttempt(access.sql, hashOf(secret))
  if (!attempt)
    throw new SheafError('unauthenticated', 'No login was begun in this browser, or it took too long.', {
      advice: 'Log in again at /auth/login.',
    })
  const identity = await provider.finish(query, attempt)
  if (!highestScope(access.rules, identity))
    throw new SheafError('forbidden', 'You may not use this server.', {
      advice: 'Ask its administrator; a verified email address of an allowed domain is needed.',
    })
  // 80 random bits: nobody gets another's name.
  const id = `${loggedInPrefix}${randomBytes(10).toString('hex')}`
  const user = await storeLoggedIn(access.sql, { id, ...identity })
  const login = newSecret()
  await storeLogin(access.sql, hashOf(login), user.id)
  return { user: user.id, secret: login, returnTo: attempt.returnTo }
}

/** Ends a login at every replica. Returns whose it was; undefined where there was none. */
export function endLogin({ sql }: Pick<Access, 'sql'>, secret: string): Promise<string | undefined> {
  return removeLogin(sql, hashOf(secret))
}

function providerOf({ provider }: Access): IdentityProvider {
  if (provider) return provider
  throw new SheafError('not_found', 'No identity provider is set up here.', {
    advice: 'Use a token; "sheaf tokens create" makes one.',
  })
}

/** The whole address of a path of this server, so that no reading of it leads elsewhere. */
function pathHere({ rules: { publicUrl } }: Access, path: string): string {
  const url = URL.canParse(path, publicUrl) ? new URL(path, publicUrl) : undefined
  // Browsers read a backslash as a slash, and leave out tabs and line ends.
  if (!url || url.origin !== publicUrl || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(path))
    throw new SheafError('invalid_input', '"return_to" must be a path of this server, as /sessions.')
  return url.href
}
