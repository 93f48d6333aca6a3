import { createRoute, z } from '@hono/zod-openapi'
import {
  auditedClaimSchema,
  findingIdSchema,
  findingQuerySchema,
  overrulesSchema,
} from '../../contract/api/findings.ts'
import { pageSchema } from '../../contract/api/paging.ts'
import { acceptedSchema, sessionIdSchema } from '../../contract/api/session.ts'
import type { Caller } from '../../contract/caller.ts'
import { matrixSchema } from '../../contract/synthesis.ts'
import { findings, findPaper, listClaims, listFindings, matrixOf } from '../../session/findings.ts'
import { overruleDecisions } from '../../session/overrule-decisions.ts'
import { runName } from '../../session/start-jobs.ts'
import { visibleSession } from '../../session/visible-session.ts'
import type { ApiContext } from '../context.ts'
import { failures, json, jsonBody, needs, routes } from '../describe.ts'
import { unlessKnown } from '../etag.ts'

const tags = ['Findings']
const params = z.object({ session: sessionIdSchema })

const listOf = <Name extends string, Schema extends z.ZodType>(name: Name, entry: Schema, summary: string) =>
  createRoute({
    method: 'get',
    path: `/sessions/{session}/${name}` as const,
    tags,
    summary,
    middleware: needs('read'),
    request: { params, query: findingQuerySchema },
    responses: {
      200: json(pageSchema(entry), 'One page of the list, as far as the review is.'),
      ...failures,
    },
  })

const records = listOf('records', findings.records.schema, 'Records as the sources gave them')
const papers = listOf('papers', findings.papers.schema, 'Papers: records of one work merged')
const decisions = listOf('decisions', findings.decisions.schema, 'What screening decided, and why')
const evidence = listOf('evidence', findings.evidence.schema, 'Quotations that stand on their pages')
const rejected = listOf(
  'rejected',
  findings.rejected.schema,
  'Quotations that were not found and are not used',
)
const cards = listOf('cards', findings.cards.schema, 'Study cards')
const themes = listOf('themes', findings.themes.schema, 'Themes')
const claims = listOf('claims', auditedClaimSchema, 'Claims with their audits')
const relations = listOf('relations', findings.relations.schema, 'Agreements and contradictions')
const gaps = listOf('gaps', findings.gaps.schema, 'What is not known yet')

const paper = createRoute({
  method: 'get',
  path: '/sessions/{session}/papers/{paper}',
  tags,
  summary: 'One paper',
  middleware: needs('read'),
  request: { params: params.extend({ paper: findingIdSchema }) },
  responses: { 200: json(findings.papers.schema, 'The paper.'), ...failures },
})

const matrix = createRoute({
  method: 'get',
  path: '/sessions/{session}/matrix',
  tags,
  summary: 'Which papers of a theme use a dataset and report a metric',
  middleware: needs('read'),
  request: { params },
  responses: { 200: json(matrixSchema, 'The matrix.'), ...failures },
})

const overrule = createRoute({
  method: 'patch',
  path: '/sessions/{session}/decisions',
  tags,
  summary: 'Decide on papers yourself; what rests on it is done again, no more',
  middleware: needs('write'),
  request: { params, body: jsonBody(overrulesSchema) },
  responses: { 202: json(acceptedSchema, 'Accepted; the work is done by a job.'), ...failures },
})

/** What a review has found: lists that grow while it works, and a person's word against its screening. */
export function findingRoutes({ deployment }: ApiContext) {
  /** Lets through who may see the session; gives what its findings change with. */
  const stateFor = async (caller: Caller, { session }: { session: string }) => {
    const { run, lastEvent } = await visibleSession(deployment, caller, session)
    return [run, lastEvent]
  }
  const page = <Name extends keyof typeof findings>(
    name: Name,
    { session }: { session: string },
    query: z.output<typeof findingQuerySchema>,
  ) => listFindings(deployment, session, name, query)

  return routes()
    .openapi(records, async (c) => {
      const state = await stateFor(c.get('caller'), c.req.valid('param'))
      return unlessKnown(c, state, async () =>
        c.json(await page('records', c.req.valid('param'), c.req.valid('query')), 200),
      )
    })
    .openapi(papers, async (c) => {
      const state = await stateFor(c.get('caller'), c.req.valid('param'))
      return unlessKnown(c, state, async () =>
        c.json(await page('papers', c.req.valid('param'), c.req.valid('query')), 200),
      )
    })
    .openapi(decisions, async (c) => {
      const state = await stateFor(c.get('caller'), c.req.valid('param'))
      return unlessKnown(c, state, async () =>
        c.json(await page('decisions', c.req.valid('param'), c.req.valid('query')), 200),
      )
    })
    .openapi(evidence, async (c) => {
      const state = await stateFor(c.get('caller'), c.req.valid('param'))
      return unlessKnown(c, state, async () =>
        c.json(await page('evidence', c.req.valid('param'), c.req.valid('query')), 200),
      )
    })
    .openapi(rejected, async (c) => {
      const state = await stateFor(c.get('caller'), c.req.valid('param'))
      return unlessKnown(c, state, async () =>
        c.json(await page('rejected', c.req.valid('param'), c.req.valid('query')), 200),
      )
    })
    .openapi(cards, async (c) => {
      const state = await stateFor(c.get('caller'), c.req.valid('param'))
      return unlessKnown(c, state, async () =>
        c.json(await page('cards', c.req.valid('param'), c.req.valid('query')), 200),
      )
    })
    .openapi(themes, async (c) => {
      const state = await stateFor(c.get('caller'), c.req.valid('param'))
      return unlessKnown(c, state, async () =>
        c.json(await page('themes', c.req.valid('param'), c.req.valid('query')), 200),
      )
    })
    .openapi(relations, async (c) => {
      const state = await stateFor(c.get('caller'), c.req.valid('param'))
      return unlessKnown(c, state, async () =>
        c.json(await page('relations', c.req.valid('param'), c.req.valid('query')), 200),
      )
    })
    .openapi(gaps, async (c) => {
      const state = await stateFor(c.get('caller'), c.req.valid('param'))
      return unlessKnown(c, state, async () =>
        c.json(await page('gaps', c.req.valid('param'), c.req.valid('query')), 200),
      )
    })
    .openapi(claims, async (c) => {
      const state = await stateFor(c.get('caller'), c.req.valid('param'))
      const { session } = c.req.valid('param')
      return unlessKnown(c, state, async () =>
        c.json(await listClaims(deployment, session, c.req.valid('query')), 200),
      )
    })
    .openapi(paper, async (c) => {
      const { session, paper: id } = c.req.valid('param')
      const state = await stateFor(c.get('caller'), { session })
      return unlessKnown(c, state, async () => c.json(await findPaper(deployment, session, id), 200))
    })
    .openapi(matrix, async (c) => {
      const { session } = c.req.valid('param')
      const state = await stateFor(c.get('caller'), { session })
      return unlessKnown(c, state, async () => c.json(await matrixOf(deployment, session), 200))
    })
    .openapi(overrule, async (c) => {
      const { session: id } = c.req.valid('param')
      const { user } = c.get('caller')
      const { run } = await visibleSession(deployment, c.get('caller'), id, 'write')
      const overrules = c.req.valid('json').decisions.map((decision) => ({ ...decision, by: user }))
      const after = await overruleDecisions(deployment, id, overrules)
      return c.json({ job_id: runName(id, run + 1), session_id: id, after }, 202)
    })
}
