import { createRoute, z } from '@hono/zod-openapi'
import { isReady } from '../../session/readiness.ts'
import type { ApiContext } from '../context.ts'
import { json, routes } from '../describe.ts'

const stateSchema = z.object({ state: z.string() })

const alive = createRoute({
  method: 'get',
  path: '/healthz',
  tags: ['Health'],
  summary: 'Whether the process lives',
  responses: { 200: json(stateSchema, 'It does.') },
})

const ready = createRoute({
  method: 'get',
  path: '/readyz',
  tags: ['Health'],
  summary: 'Whether requests should be sent here: the store answers, and the process is not about to stop',
  responses: { 200: json(stateSchema, 'They should.'), 503: json(stateSchema, 'They should not.') },
})

/** For who watches the process: no login is asked for, and nothing is told but the state. */
export function healthRoutes({ deployment, isStopping }: Pick<ApiContext, 'deployment' | 'isStopping'>) {
  return routes()
    .openapi(alive, (c) => c.json({ state: 'alive' }, 200))
    .openapi(ready, async (c) => {
      if (isStopping()) return c.json({ state: 'stopping' }, 503)
      return (await isReady(deployment))
        ? c.json({ state: 'ready' }, 200)
        : c.json({ state: 'the store does not answer' }, 503)
    })
}
