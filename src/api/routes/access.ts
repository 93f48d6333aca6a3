import { createRoute, z } from '@hono/zod-openapi'
import { listAudit } from '../../access/audit.ts'
import { createToken, listTokens, revokeToken } from '../../access/tokens.ts'
import { describeCaller, searchUsers } from '../../access/users.ts'
import {
  auditEntrySchema,
  auditQuerySchema,
  madeTokenSchema,
  meSchema,
  newTokenSchema,
  tokenIdSchema,
  tokenViewSchema,
  userQuerySchema,
  userViewSchema,
} from '../../contract/api/access.ts'
import { pageQuerySchema, pageSchema } from '../../contract/api/paging.ts'
import type { ApiContext } from '../context.ts'
import { failures, json, jsonBody, needs, routes } from '../describe.ts'
import { unlessKnown } from '../etag.ts'

const tags = ['Access']

const me = createRoute({
  method: 'get',
  path: '/me',
  tags,
  summary: 'Who you are and what you may do',
  middleware: needs('read'),
  responses: { 200: json(meSchema, 'You.'), ...failures },
})

const list = createRoute({
  method: 'get',
  path: '/tokens',
  tags,
  summary: 'Your tokens, newest first; an administrator sees everybody’s',
  middleware: needs('read'),
  request: { query: pageQuerySchema },
  responses: { 200: json(pageSchema(tokenViewSchema), 'One page of the list.'), ...failures },
})

const make = createRoute({
  method: 'post',
  path: '/tokens',
  tags,
  summary: 'Make a token; its secret is shown this once',
  middleware: needs('write'),
  request: { body: jsonBody(newTokenSchema) },
  responses: { 201: json(madeTokenSchema, 'The token.'), ...failures },
})

const revoke = createRoute({
  method: 'delete',
  path: '/tokens/{token}',
  tags,
  summary: 'Revoke a token, at once and everywhere',
  middleware: needs('write'),
  request: { params: z.object({ token: tokenIdSchema }) },
  responses: { 204: { description: 'It is revoked.' }, ...failures },
})

const users = createRoute({
  method: 'get',
  path: '/users',
  tags,
  summary: 'Find a user to share with, by the beginning of a name or address',
  middleware: needs('read'),
  request: { query: userQuerySchema },
  responses: { 200: json(pageSchema(userViewSchema), 'One page of the list, by id.'), ...failures },
})

const log = createRoute({
  method: 'get',
  path: '/audit',
  tags,
  summary: 'What was done, by whom and from where, newest first',
  middleware: needs('admin'),
  request: { query: auditQuerySchema },
  responses: { 200: json(pageSchema(auditEntrySchema), 'One page of the log.'), ...failures },
})

/** Who asks, tokens, users to share with, and the audit log. */
export function accessRoutes({ access }: Pick<ApiContext, 'access'>) {
  return routes()
    .openapi(me, async (c) => c.json(await describeCaller(access, c.get('caller')), 200))
    .openapi(list, async (c) => {
      const page = await listTokens(access, c.get('caller'), c.req.valid('query'))
      return unlessKnown(c, [page], () => c.json(page, 200))
    })
    .openapi(make, async (c) => {
      c.header('Cache-Control', 'no-store')
      const made = await createToken(access, c.get('caller'), c.req.valid('json'))
      c.header('Location', `/api/v1/tokens/${made.id}`)
      return c.json(made, 201)
    })
    .openapi(revoke, async (c) => {
      await revokeToken(access, c.get('caller'), c.req.valid('param').token)
      return c.body(null, 204)
    })
    .openapi(users, async (c) => {
      const page = await searchUsers(access, c.req.valid('query'))
      return unlessKnown(c, [page], () => c.json(page, 200))
    })
    .openapi(log, async (c) => {
      const page = await listAudit(access, c.req.valid('query'))
      return unlessKnown(c, [page], () => c.json(page, 200))
    })
}
