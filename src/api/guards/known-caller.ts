import type { MiddlewareHandler } from 'hono'
import { audit } from '../../access/audit.ts'
import { identify } from '../../access/identify.ts'
import { OverloadError, SheafError } from '../../errors.ts'
import type { ApiContext, ApiEnvironment } from '../context.ts'
import { loginCookie } from '../login-cookies.ts'
import { clientAddress, networkOf } from './client-address.ts'

/** Says who asks. Wrong tokens are entered in the audit log and counted by address: who sends many is answered 429. */
export function knownCaller({ access }: Pick<ApiContext, 'access'>): MiddlewareHandler<ApiEnvironment> {
  return async (c, next) => {
    const authorization = c.req.header('Authorization')
    try {
      const credentials = { authorization, login: loginCookie(c, access.rules) }
      c.set('caller', await identify(access, credentials))
      c.set('credentials', credentials)
    } catch (thrown) {
      const isWrong = SheafError.isInstance(thrown) && thrown.code === 'unauthenticated'
      if (isWrong && authorization !== undefined) {
        const address = clientAddress(c, access.rules)
        await countKnock({ access }, address)
        const token = /^Bearer +sheaf_([0-9a-z-]{14})_/i.exec(authorization)?.[1]
        await audit(access, { token, address, action: 'login', target: 'token', outcome: thrown.code })
      }
      throw thrown
    }
    await next()
  }
}

/**
 * Counts an attempt to log in from an address. A right token passes uncounted, so that nobody is locked out by a neighbour.
 * @throws {OverloadError} `too_many_requests`
 */
export async function countKnock({ access }: Pick<ApiContext, 'access'>, address: string): Promise<void> {
  const { allowed, reset } = await access.limits.knock(networkOf(address))
  if (!allowed)
    throw new OverloadError('too_many_requests', 'Too many attempts to log in from your address.', {
      retryAfter: reset,
    })
}
