import { createRoute, z } from '@hono/zod-openapi'
import { failureQuerySchema, failureSchema, sessionCostSchema } from '../../contract/api/ledger.ts'
import { pageOf, pageSchema } from '../../contract/api/paging.ts'
import { sessionIdSchema } from '../../contract/api/session.ts'
import { listFailures } from '../../session/read-sessions.ts'
import { sessionCost } from '../../session/session-cost.ts'
import { visibleSession } from '../../session/visible-session.ts'
import type { ApiContext } from '../context.ts'
import { failures, json, needs, routes } from '../describe.ts'
import { unlessKnown } from '../etag.ts'

const tags = ['Sessions']
const params = z.object({ session: sessionIdSchema })

const cost = createRoute({
  method: 'get',
  path: '/sessions/{session}/cost',
  tags,
  summary: 'What a review has used of language models: calls, tokens, cost',
  middleware: needs('read'),
  request: { params },
  responses: { 200: json(sessionCostSchema, 'The cost, as far as the review is.'), ...failures },
})

const failed = createRoute({
  method: 'get',
  path: '/sessions/{session}/failures',
  tags,
  summary: 'What failed for good while the review went on',
  middleware: needs('read'),
  request: { params, query: failureQuerySchema },
  responses: { 200: json(pageSchema(failureSchema), 'One page of the list.'), ...failures },
})

/** What a review has cost, and where it failed. */
export function ledgerRoutes({ deployment }: ApiContext) {
  return routes()
    .openapi(cost, async (c) => {
      const { session } = c.req.valid('param')
      await visibleSession(deployment, c.get('caller'), session)
      const spent = await sessionCost(deployment, session)
      return unlessKnown(c, [spent], () => c.json(spent, 200))
    })
    .openapi(failed, async (c) => {
      const { session } = c.req.valid('param')
      const { limit, after } = c.req.valid('query')
      await visibleSession(deployment, c.get('caller'), session)
      const found = await listFailures(deployment, session, { after, limit: limit + 1 })
      return unlessKnown(c, found, () => {
        const { items, ...page } = pageOf(found, limit, ({ key }) => key)
        return c.json({ items: items.map(({ key: _, ...failure }) => failure), ...page }, 200)
      })
    })
}
