import { createRoute, z } from '@hono/zod-openapi'
import { pageOf, pageSchema } from '../../contract/api/paging.ts'
import {
  acceptedSchema,
  newSessionSchema,
  sessionIdSchema,
  sessionQuerySchema,
  sessionViewSchema,
} from '../../contract/api/session.ts'
import { gateSchema } from '../../contract/gates.ts'
import { planSchema } from '../../contract/plan.ts'
import { waitingPlace } from '../../session/admit-sessions.ts'
import { answerGate, pendingGate } from '../../session/answer-gate.ts'
import { approvePlan } from '../../session/approve-plan.ts'
import { cancelSession } from '../../session/cancel-session.ts'
import { createSession } from '../../session/create-session.ts'
import { listSessions } from '../../session/read-sessions.ts'
import { removeSession } from '../../session/remove-session.ts'
import { resumeSession } from '../../session/resume-session.ts'
import { reviewSettings } from '../../session/review-settings.ts'
import { viewOf } from '../../session/session-view.ts'
import { runName } from '../../session/start-jobs.ts'
import { visibleSession } from '../../session/visible-session.ts'
import type { ApiContext } from '../context.ts'
import { failures, json, jsonBody, needs, routes } from '../describe.ts'
import { unlessKnown } from '../etag.ts'

const tags = ['Sessions']
const params = z.object({ session: sessionIdSchema })
const accepted = { 202: json(acceptedSchema, 'Accepted; the work is done by a job.'), ...failures }

const list = createRoute({
  method: 'get',
  path: '/sessions',
  tags,
  summary: 'Reviews, newest first',
  middleware: needs('read'),
  request: { query: sessionQuerySchema },
  responses: {
    200: json(pageSchema(sessionViewSchema), 'One page of the list.'),
    ...failures,
  },
})

const create = createRoute({
  method: 'post',
  path: '/sessions',
  tags,
  summary: 'Start a review',
  middleware: needs('write'),
  request: { body: jsonBody(newSessionSchema) },
  responses: accepted,
})

const read = createRoute({
  method: 'get',
  path: '/sessions/{session}',
  tags,
  summary: 'One review',
  middleware: needs('read'),
  request: { params },
  responses: { 200: json(sessionViewSchema, 'The review.'), ...failures },
})

const cancel = createRoute({
  method: 'post',
  path: '/sessions/{session}/cancel',
  tags,
  summary: 'Stop a review for good; what it found stays',
  middleware: needs('write'),
  request: { params },
  responses: { 204: { description: 'It is cancelled.' }, ...failures },
})

const resume = createRoute({
  method: 'post',
  path: '/sessions/{session}/resume',
  tags,
  summary: 'Go on with a review that stopped before its end',
  middleware: needs('write'),
  request: { params },
  responses: accepted,
})

const approve = createRoute({
  method: 'post',
  path: '/sessions/{session}/plan',
  tags,
  summary: 'Approve the plan, as it is or as edited',
  middleware: needs('write'),
  request: { params, body: jsonBody(z.strictObject({ plan: planSchema.optional() })) },
  responses: accepted,
})

const answer = createRoute({
  method: 'post',
  path: '/sessions/{session}/gate',
  tags,
  summary: 'Answer what a review waits for',
  middleware: needs('write'),
  request: {
    params,
    body: jsonBody(
      z.strictObject({
        state: z.enum(['approved', 'rejected']),
        answer: gateSchema.shape.answer,
      }),
    ),
  },
  responses: accepted,
})

const remove = createRoute({
  method: 'delete',
  path: '/sessions/{session}',
  tags,
  summary: 'Delete a review and all it found; documents and its report stay',
  middleware: needs('write'),
  request: { params },
  responses: { 204: { description: 'It is deleted.' }, ...failures },
})

/** Reviews: list, start, read, steer, delete. */
export function sessionRoutes({ deployment }: ApiContext) {
  /** What a caller is told of work that was accepted; `after` is the event before it. */
  const acceptedFor = async (id: string, run: number, after: number) => ({
    job_id: runName(id, run),
    session_id: id,
    after,
  })

  return routes()
    .openapi(list, async (c) => {
      const { limit, after, status } = c.req.valid('query')
      const caller = c.get('caller')
      const found = await listSessions(deployment, caller, { limit: limit + 1, before: after, status })
      const state = found.map((session) => [session.id, session.status, session.lastEvent])
      return unlessKnown(c, state, () => {
        const { items, ...page } = pageOf(found, limit, ({ id }) => id)
        return c.json({ items: items.map((session) => viewOf(session, caller)), ...page }, 200)
      })
    })
    .openapi(create, async (c) => {
      const { question, settings = {} } = c.req.valid('json')
      const caller = c.get('caller')
      const id = await createSession(deployment, {
        question,
        settings: await reviewSettings(deployment, caller, question, settings),
        owner: caller.user,
      })
      c.header('Location', `/api/v1/sessions/${id}`)
      return c.json(await acceptedFor(id, 1, 0), 202)
    })
    .openapi(read, async (c) => {
      const { session: id } = c.req.valid('param')
      const session = await visibleSession(deployment, c.get('caller'), id)
      const waiting = await waitingPlace(deployment, session)
      return unlessKnown(c, [session.status, session.run, session.lastEvent, waiting?.position], async () =>
        c.json(viewOf(session, c.get('caller'), { gate: await pendingGate(deployment, id), waiting }), 200),
      )
    })
    .openapi(cancel, async (c) => {
      const { session: id } = c.req.valid('param')
      await visibleSession(deployment, c.get('caller'), id, 'write')
      await cancelSession(deployment, id)
      return c.body(null, 204)
    })
    .openapi(resume, async (c) => {
      const { session: id } = c.req.valid('param')
      const { run } = await visibleSession(deployment, c.get('caller'), id, 'write')
      const after = await resumeSession(deployment, id)
      return c.json(await acceptedFor(id, run + 1, after), 202)
    })
    .openapi(approve, async (c) => {
      const { session: id } = c.req.valid('param')
      const { run } = await visibleSession(deployment, c.get('caller'), id, 'write')
      const after = await approvePlan(deployment, id, c.req.valid('json').plan)
      return c.json(await acceptedFor(id, run + 1, after), 202)
    })
    .openapi(answer, async (c) => {
      const { session: id } = c.req.valid('param')
      const { run } = await visibleSession(deployment, c.get('caller'), id, 'write')
      const { state, answer: changed } = c.req.valid('json')
      const after = await answerGate(deployment, id, state, changed)
      return c.json(await acceptedFor(id, run + 1, after), 202)
    })
    .openapi(remove, async (c) => {
      const { session: id } = c.req.valid('param')
      await visibleSession(deployment, c.get('caller'), id, 'admin')
      await removeSession(deployment, id)
      return c.body(null, 204)
    })
}
