import type { HonoRequest, MiddlewareHandler } from 'hono'
import type { AccessRules } from '../../access/access.ts'
import { isLoopback } from '../../access/loopback.ts'
import { SheafError } from '../../errors.ts'
import type { ApiEnvironment } from '../context.ts'

/**
 * Refuses what pages of other origins make a browser send: it brings our cookie along, or comes from the machine that needs
 * none. Sec-Fetch-Site (W3C Fetch Metadata) says so; older browsers name an Origin at least where something may be changed.
 * A token is no such thing, since no page can make a browser add one. Links that lead to a page of ours stay open.
 */
export function sameOrigin(
  rules: AccessRules,
  isPage: (path: string) => boolean,
): MiddlewareHandler<ApiEnvironment> {
  return async (c, next) => {
    if (!hasToken(c.req) && !(isPage(c.req.path) && isVisit(c.req)) && !isOurs(c.req, rules))
      throw new SheafError('forbidden', 'A page of another origin may not use this server.', {
        advice: 'Programs send a token as "Authorization: Bearer …".',
      })
    await next()
  }
}

/** Whether a request brings a token of its own. Basic and other schemes a browser may add by itself. */
export function hasToken(request: HonoRequest): boolean {
  return /^Bearer /i.test(request.header('Authorization') ?? '')
}

/** Whether a person goes somewhere, in a tab of its own and not in a frame of another page. */
function isVisit(request: HonoRequest): boolean {
  return (
    request.method === 'GET' &&
    request.header('Sec-Fetch-Mode') === 'navigate' &&
    request.header('Sec-Fetch-Dest') === 'document'
  )
}

function isOurs(request: HonoRequest, { publicUrl }: AccessRules): boolean {
  const site = request.header('Sec-Fetch-Site')
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  const origin = request.header('Origin')
  const here = new URL(request.url)
  return (
    origin === undefined ||
    origin === publicUrl ||
    (isLoopback(here.hostname) && origin === `http://${here.host}`)
  )
}
