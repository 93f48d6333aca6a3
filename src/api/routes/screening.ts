import { createRoute, z } from '@hono/zod-openapi'
import { type ListPage, type PageQuery, pageQuerySchema } from '../../contract/api/paging.ts'
import {
  labelParamsSchema,
  newLabelSchema,
  nextToLabelSchema,
  screeningViewSchema,
  undoneSchema,
} from '../../contract/api/screening.ts'
import { acceptedSchema, sessionIdSchema } from '../../contract/api/session.ts'
import type { Caller, Scope } from '../../contract/caller.ts'
import type { Label } from '../../contract/screening.ts'
import { SheafError } from '../../errors.ts'
import { runName } from '../../session/start-jobs.ts'
import { createTeachings, redoScreening } from '../../session/teach-screening.ts'
import { visibleSession } from '../../session/visible-session.ts'
import type { ApiContext } from '../context.ts'
import { failures, json, jsonBody, needs, routes } from '../describe.ts'
import { unlessKnown } from '../etag.ts'

const tags = ['Screening']
const params = z.object({ session: sessionIdSchema })

const read = createRoute({
  method: 'get',
  path: '/sessions/{session}/screening',
  tags,
  summary: 'How far the teaching of the screening is, and its labels in the order in which they were given',
  middleware: needs('read'),
  request: { params, query: pageQuerySchema },
  responses: { 200: json(screeningViewSchema, 'The state, with one page of the labels.'), ...failures },
})

const next = createRoute({
  method: 'get',
  path: '/sessions/{session}/screening/next',
  tags,
  summary: 'The paper whose label would help most now',
  middleware: needs('read'),
  request: { params },
  responses: { 200: json(nextToLabelSchema, 'The paper; none when all have a label.'), ...failures },
})

const label = createRoute({
  method: 'put',
  path: '/sessions/{session}/screening/labels/{paper}',
  tags,
  summary: 'Label a paper; an earlier label of it is replaced',
  middleware: needs('write'),
  request: { params: labelParamsSchema, body: jsonBody(newLabelSchema) },
  responses: { 204: { description: 'It is kept.' }, ...failures },
})

const undo = createRoute({
  method: 'delete',
  path: '/sessions/{session}/screening/labels/last',
  tags,
  summary: 'Take the last label back',
  middleware: needs('write'),
  request: { params },
  responses: { 200: json(undoneSchema, 'Its paper.'), ...failures },
})

const redo = createRoute({
  method: 'post',
  path: '/sessions/{session}/screening/redo',
  tags,
  summary: 'Let the review go on from its screening with the labels it has',
  middleware: needs('write'),
  request: { params },
  responses: { 202: json(acceptedSchema, 'Accepted; the work is done by a job.'), ...failures },
})

/** Teaching the screening of a review that rests: what to label, the labels, and the review anew from there. */
export function screeningRoutes({ deployment }: ApiContext) {
  const teachings = createTeachings(deployment)
  const teachingFor = async (caller: Caller, id: string, scope: Scope = 'read') => {
    await visibleSession(deployment, caller, id, scope)
    return teachings.open(id)
  }

  return routes()
    .openapi(read, async (c) => {
      const teaching = await teachingFor(c.get('caller'), c.req.valid('param').session)
      const labels = pageOfLabels(teaching.labels, c.req.valid('query'))
      const state = teaching.state()
      return unlessKnown(c, [state, labels], () => c.json({ ...state, labels }, 200))
    })
    .openapi(next, async (c) => {
      const teaching = await teachingFor(c.get('caller'), c.req.valid('param').session)
      const paper = teaching.next()
      return c.json({ ...(paper && { paper }) }, 200)
    })
    .openapi(label, async (c) => {
      const { session, paper } = c.req.valid('param')
      const { label, reason } = c.req.valid('json')
      const teaching = await teachingFor(c.get('caller'), session, 'write')
      await teaching.label({ paperId: paper, label, ...(reason !== undefined && { reason }) })
      return c.body(null, 204)
    })
    .openapi(undo, async (c) => {
      const teaching = await teachingFor(c.get('caller'), c.req.valid('param').session, 'write')
      const paperId = await teaching.undo()
      return c.json({ ...(paperId !== undefined && { paperId }) }, 200)
    })
    .openapi(redo, async (c) => {
      const { session: id } = c.req.valid('param')
      const { run } = await visibleSession(deployment, c.get('caller'), id, 'write')
      const after = await redoScreening(deployment, id)
      return c.json({ job_id: runName(id, run + 1), session_id: id, after }, 202)
    })
}

function pageOfLabels(labels: readonly Label[], { limit, after }: PageQuery): ListPage<Label> {
  const start = after === undefined ? 0 : labels.findIndex(({ paperId }) => paperId === after) + 1
  if (after !== undefined && start === 0)
    throw new SheafError('invalid_input', `${after} has no label to go on after.`)
  const items = labels.slice(start, start + limit)
  const last = items.at(-1)
  return { items, ...(start + limit < labels.length && last && { next: last.paperId }) }
}
