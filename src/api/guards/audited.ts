import type { Context, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { audit, auditForeignSession } from '../../access/audit.ts'
import { SheafError } from '../../errors.ts'
import type { ApiContext, ApiEnvironment } from '../context.ts'
import { clientAddress } from './client-address.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** What people call it; other routes are entered as method and path. */
const actions: Readonly<Record<string, string>> = {
  'POST /sessions': 'session.started',
  'DELETE /sessions/:session': 'session.deleted',
  'POST /sessions/:session/cancel': 'session.cancelled',
  'PUT /sessions/:session/shares/:user': 'session.shared',
  'DELETE /sessions/:session/shares/:user': 'session.unshared',
  'POST /conversations/:conversation/messages': 'conversation.message',
  'POST /tokens': 'token.made',
  'DELETE /tokens/:token': 'token.revoked',
}

/**
 * Enters every request that may change something in the audit log, with who, from where, what and what came of it, and
 * when an administrator opens somebody else's session. Bodies and queries are not entered, so no secret is.
 * @param apiPath left out of paths
 */
export function audited(
  { access, report }: Pick<ApiContext, 'access' | 'report'>,
  apiPath: string,
): MiddlewareHandler<ApiEnvironment> {
  return async (c, next) => {
    await next()
    const caller = c.get('caller')
    const { user, token } = caller
    const address = clientAddress(c, access.rules)
    const path = c.req.path.slice(apiPath.length)
    const session = /^\/sessions\/([0-9a-z-]{1,64})(?:\/|$)/.exec(path)?.[1]
    // What was done is done: that it could not be entered is a fault to report, not an answer.
    try {
      if (session !== undefined && c.res.ok) await auditForeignSession(access, caller, session, address)
      if (safeMethods.has(c.req.method)) return
      const target = c.res.headers.get('Location')?.replace(apiPath, '') ?? path
      const action = actionOf(c, apiPath)
      await audit(access, { user, token, address, action, target, outcome: outcomeOf(c) })
    } catch (thrown) {
      report(thrown)
    }
  }
}

function actionOf(c: Context<ApiEnvironment>, apiPath: string): string {
  const route = matchedRoutes(c).findLast(({ method }) => method === c.req.method)
  const name = `${c.req.method} ${route?.path.slice(apiPath.length) ?? '?'}`
  if (actions[name] !== undefined) return actions[name]
  if (/^\S+ \/sessions\/:session\//.test(name)) return 'session.steered'
  if (/^(POST|PUT) \/library\b/.test(name)) return 'library.added'
  return /^DELETE \/library\b/.test(name) ? 'library.removed' : name
}

function outcomeOf(c: Context<ApiEnvironment>): string {
  if (c.res.ok) return 'done'
  // What does not fit a route's contract is answered without being thrown.
  if (c.res.status === 400) return 'invalid_input'
  return SheafError.isInstance(c.error) ? c.error.code : String(c.res.status)
}
