import type { MiddlewareHandler } from 'hono'
import type { AccessRules } from '../../access/access.ts'
import { isLoopback } from '../../access/loopback.ts'
import { SheafError } from '../../errors.ts'
import type { ApiEnvironment } from '../context.ts'
import { hasToken } from './same-origin.ts'

/** Paths that watchers of the process ask for by whatever address they have; they tell nothing. */
const watched = new Set(['/healthz', '/readyz'])

/**
 * Answers only as a host that this server is known by. A page of another host whose name was made to lead here (DNS
 * rebinding) is of our origin in the browser's eyes, but its requests name that host.
 */
export function knownHost(rules: AccessRules): MiddlewareHandler<ApiEnvironment> {
  return async (c, next) => {
    const here = new URL(c.req.url)
    const header = c.req.header('Host')
    const asked = header === undefined ? here : urlOf(header)
    const port = c.env?.incoming?.socket.localPort
    const isOpen = rules.loginRequired && (hasToken(c.req) || watched.has(c.req.path))
    if (!isOpen && !(asked && isKnown(rules, asked, port) && isKnown(rules, here, port)))
      throw new SheafError('forbidden', 'This server is not known by the host name of the request.', {
        advice: rules.loginRequired
          ? 'Use the address in SHEAF_PUBLIC_URL; a proxy in front must pass the header Host on.'
          : 'Use http://127.0.0.1 or http://localhost with the port that Sheaf listens on.',
      })
    await next()
  }
}

function urlOf(host: string): URL | undefined {
  const url = `http://${host}`
  return /^[\w.:[\]-]+$/.test(host) && URL.canParse(url) ? new URL(url) : undefined
}

function isKnown(
  { loginRequired, publicUrl }: AccessRules,
  { host, hostname, port }: URL,
  own: number | undefined,
): boolean {
  if (!loginRequired) return isLoopback(hostname) && (own === undefined || Number(port || 80) === own)
  return isLoopback(hostname) || (publicUrl !== undefined && host === new URL(publicUrl).host)
}
