import { createRoute } from '@hono/zod-openapi'
import { dryRunSchema } from '../../contract/api/plan.ts'
import { newSessionSchema } from '../../contract/api/session.ts'
import { may } from '../../contract/caller.ts'
import { planReview } from '../../session/plan-review.ts'
import { reviewSettings } from '../../session/review-settings.ts'
import type { ApiContext } from '../context.ts'
import { failures, json, jsonBody, needs, routes } from '../describe.ts'

const plan = createRoute({
  method: 'post',
  path: '/plans',
  tags: ['Sessions'],
  summary: 'What a review would search and read; nothing is started',
  // A model may make the plan: that costs as much as the beginning of a review does.
  middleware: needs('write'),
  request: { body: jsonBody(newSessionSchema) },
  responses: { 200: json(dryRunSchema, 'The plan and the items.'), ...failures },
})

/** Plans of reviews that are not started. */
export function planRoutes({ deployment }: ApiContext) {
  return routes().openapi(plan, async (c) => {
    const { question, settings: request = {} } = c.req.valid('json')
    const caller = c.get('caller')
    const settings = await reviewSettings(deployment, caller, question, request)
    const { output, ...open } = await planReview(deployment, question, settings, c.req.raw.signal)
    return c.json({ ...open, ...(may(caller, 'admin') && { output }) }, 200)
  })
}
