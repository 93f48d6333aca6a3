import type { MiddlewareHandler } from 'hono'
import { OverloadError } from '../../errors.ts'
import type { ApiContext, ApiEnvironment } from '../context.ts'

/**
 * Lets each user who had to say who they are make so many requests a minute, at all replicas together, and tells them what
 * is left (headers of draft-ietf-httpapi-ratelimit-headers-10).
 */
export function userLimit({ access }: Pick<ApiContext, 'access'>): MiddlewareHandler<ApiEnvironment> {
  return async (c, next) => {
    const { user, by } = c.get('caller')
    if (by !== undefined) {
      const { allowed, limit, left, reset } = await access.limits.request(user)
      c.header('RateLimit-Policy', `"user";q=${limit};w=60`)
      c.header('RateLimit', `"user";r=${left};t=${reset}`)
      if (!allowed)
        throw new OverloadError('too_many_requests', `You may make ${limit} requests a minute.`, {
          retryAfter: reset,
        })
    }
    await next()
  }
}
