import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { AccessRules } from '../access/access.ts'

/** Seconds that a browser keeps what it has to bring back from the identity provider, and a login at most. */
const attemptSeconds = 600
const loginSeconds = 7 * 24 * 3600

type Rules = Pick<AccessRules, 'publicUrl'>

/** The cookie of a login, as the browser sent it. */
export function loginCookie(c: Context, rules: Rules): string | undefined {
  return getCookie(c, nameOf('sheaf', rules))
}

/** Gives the browser a login, or takes it away. */
export function setLoginCookie(c: Context, rules: Rules, secret: string | undefined): void {
  set(c, rules, 'sheaf', secret, loginSeconds)
}

/** The cookie of a login that has begun. */
export function attemptCookie(c: Context, rules: Rules): string | undefined {
  return getCookie(c, nameOf('sheaf-login', rules))
}

/** Remembers in the browser that it has begun a login, or forgets it. */
export function setAttemptCookie(c: Context, rules: Rules, secret: string | undefined): void {
  set(c, rules, 'sheaf-login', secret, attemptSeconds)
}

/** With `__Host-` browsers take it over https from this host alone, and no neighbouring host can plant one (RFC 6265bis). */
function nameOf(name: string, { publicUrl }: Rules): string {
  return publicUrl?.startsWith('https:') ? `__Host-${name}` : name
}

function set(c: Context, rules: Rules, plainName: string, secret: string | undefined, maxAge: number): void {
  const name = nameOf(plainName, rules)
  const secure = name !== plainName
  if (secret === undefined) deleteCookie(c, name, { path: '/', secure })
  else setCookie(c, name, secret, { path: '/', httpOnly: true, sameSite: 'Lax', secure, maxAge })
}
