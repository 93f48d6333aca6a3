import type { OpenAPIHono } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { SheafError } from '../../errors.ts'
import type { ApiEnvironment } from '../context.ts'

/**
 * Takes a body only in the media types that the route's description names, JSON where it names none. What a page of another
 * origin may send unasked (forms and plain text; Fetch Standard, "CORS-safelisted request-header") never passes for JSON.
 */
export function describedMediaType(app: OpenAPIHono<ApiEnvironment>): MiddlewareHandler<ApiEnvironment> {
  let described: ReadonlyMap<string, readonly string[]> | undefined
  return async (c, next) => {
    const type = c.req.header('Content-Type')?.split(';', 1)[0]?.trim().toLowerCase()
    const length = Number(c.req.header('Content-Length') ?? 0)
    const hasBody = type !== undefined || length > 0 || c.req.header('Transfer-Encoding') !== undefined
    const route = matchedRoutes(c).findLast(({ method }) => method === c.req.method)
    if (hasBody && route) {
      described ??= mediaTypes(app)
      const taken = described.get(`${c.req.method} ${route.path}`) ?? ['application/json']
      if (type === undefined || !taken.includes(type))
        throw new SheafError('invalid_input', `The body must be ${taken.join(' or ')}.`, {
          advice: `Send the header Content-Type: ${taken[0]}.`,
        })
    }
    await next()
  }
}

/** Media types of each route's body, by method and path as the router has them. */
function mediaTypes(app: OpenAPIHono<ApiEnvironment>): ReadonlyMap<string, readonly string[]> {
  return new Map(
    app.openAPIRegistry.definitions
      .filter((definition) => definition.type === 'route')
      .map(({ route: { method, path, request } }) => [
        `${method.toUpperCase()} ${path.replaceAll(/\{(.+?)\}/g, ':$1')}`,
        Object.keys(request?.body?.content ?? { 'application/json': {} }),
      ]),
  )
}
