import { createRoute } from '@hono/zod-openapi'
import {
  paperSearchAnswerSchema,
  paperSearchQuerySchema,
  searchAnswerSchema,
  searchQuerySchema,
} from '../../contract/api/search.ts'
import { searchLibrary } from '../../session/search/search-library.ts'
import { searchPapers } from '../../session/search/search-papers.ts'
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

const papers = createRoute({
  method: 'get',
  path: '/library/papers',
  tags: ['Library'],
  summary: 'Search the titles and abstracts of every paper that reviews you may see have found',
  middleware: needs('read'),
  request: { query: paperSearchQuerySchema },
  responses: { 200: json(paperSearchAnswerSchema, 'One page of what was found, best first.'), ...failures },
})

/** Search over what was read, and over what was found. */
export function searchRoutes({ deployment }: ApiContext) {
  return routes()
    .openapi(search, async (c) => {
      const answer = await searchLibrary(deployment, c.get('caller'), c.req.valid('query'))
      return unlessKnown(c, [answer], () => c.json(answer, 200))
    })
    .openapi(papers, async (c) => {
      const answer = await searchPapers(deployment, c.get('caller'), c.req.valid('query'))
      return unlessKnown(c, [answer], () => c.json(answer, 200))
    })
}
