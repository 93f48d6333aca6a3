import { createRoute } from '@hono/zod-openapi'
import { searchAnswerSchema, searchQuerySchema } from '../../contract/api/search.ts'
import { searchLibrary } from '../../session/search/search-library.ts'
import type { ApiContext } from '../context.ts'
import { failures, json, needs, routes } from '../describe.ts'
import { unlessKnown } from '../etag.ts'

const search = createRoute({
  method: 'get',
  path: '/library/search',
  tags: ['Library'],
  summary: 'Search every paper ever read that you may see, by its words or by what it is about',
  middleware: needs('read'),
  request: { query: searchQuerySchema },
  responses: { 200: json(searchAnswerSchema, 'One page of what was found, best first.'), ...failures },
})

/** Search over what was read. */
export function searchRoutes({ deployment }: ApiContext) {
  return routes().openapi(search, async (c) => {
    const answer = await searchLibrary(deployment, c.get('caller'), c.req.valid('query'))
    return unlessKnown(c, [answer], () => c.json(answer, 200))
  })
}
