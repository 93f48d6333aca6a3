import { createRoute, z } from '@hono/zod-openapi'
import { shareViewSchema, userIdSchema } from '../../contract/api/access.ts'
import { pageQuerySchema, pageSchema } from '../../contract/api/paging.ts'
import { sessionIdSchema } from '../../contract/api/session.ts'
import { listShares, shareSession, unshareSession } from '../../session/shares.ts'
import type { ApiContext } from '../context.ts'
import { failures, json, jsonBody, needs, routes } from '../describe.ts'
import { unlessKnown } from '../etag.ts'

const tags = ['Sessions']
const params = z.object({ session: sessionIdSchema, user: userIdSchema })

const list = createRoute({
  method: 'get',
  path: '/sessions/{session}/shares',
  tags,
  summary: 'Who else may see a review, or steer it; for its owner',
  middleware: needs('read'),
  request: { params: params.pick({ session: true }), query: pageQuerySchema },
  responses: { 200: json(pageSchema(shareViewSchema), 'One page of the list, by user.'), ...failures },
})

const share = createRoute({
  method: 'put',
  path: '/sessions/{session}/shares/{user}',
  tags,
  summary: 'Let a user see a review, or steer it',
  middleware: needs('write'),
  request: { params, body: jsonBody(z.strictObject({ scope: shareViewSchema.shape.scope })) },
  responses: { 204: { description: 'They may.' }, ...failures },
})

const unshare = createRoute({
  method: 'delete',
  path: '/sessions/{session}/shares/{user}',
  tags,
  summary: 'Share a review with a user no longer',
  middleware: needs('write'),
  request: { params },
  responses: { 204: { description: 'They may not any more.' }, ...failures },
})

/** Who else may see a review. */
export function shareRoutes({ deployment }: Pick<ApiContext, 'deployment'>) {
  return routes()
    .openapi(list, async (c) => {
      const { session } = c.req.valid('param')
      const page = await listShares(deployment, c.get('caller'), session, c.req.valid('query'))
      return unlessKnown(c, [page], () => c.json(page, 200))
    })
    .openapi(share, async (c) => {
      const { session, user } = c.req.valid('param')
      const { scope } = c.req.valid('json')
      await shareSession(deployment, c.get('caller'), session, { user, scope })
      return c.body(null, 204)
    })
    .openapi(unshare, async (c) => {
      const { session, user } = c.req.valid('param')
      await unshareSession(deployment, c.get('caller'), session, user)
      return c.body(null, 204)
    })
}
