import type { MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { ApiContext, ApiEnvironment } from '../context.ts'

/** Measures, traces and logs each request by its route's pattern; a path holds names of reviews, so it is told to nobody. */
export function observed({ telemetry }: Pick<ApiContext, 'telemetry'>): MiddlewareHandler<ApiEnvironment> {
  if (!telemetry) return (_c, next) => next()
  const { measure, trace, log } = telemetry
  return async (c, next) => {
    const started = performance.now()
    const { method } = c.req
    const from = { traceparent: c.req.header('traceparent'), tracestate: c.req.header('tracestate') }
    const attributes = { 'http.request.method': method }
    await trace.span(method, { kind: 'server', attributes, from }, async (note) => {
      await next()
      const route = matchedRoutes(c).findLast(({ path }) => !path.endsWith('*'))?.path ?? 'unmatched'
      const { status } = c.res
      const seconds = (performance.now() - started) / 1000
      note({ 'http.route': route, 'http.response.status_code': status })
      measure.requestAnswered({ method: knownMethods.has(method) ? method : 'other', route, status, seconds })
      log[status >= 500 ? 'warn' : 'debug']('A request was answered.', { method, route, status, seconds })
    })
  }
}

/** A client may name any method; a label must be bounded. */
const knownMethods: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
])
