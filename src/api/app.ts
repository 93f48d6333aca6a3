import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import { SheafError } from '../errors.ts'
import { version } from '../version.ts'
import type { ApiContext } from './context.ts'
import { routes } from './describe.ts'
import { createEventStreams, type EventStreams } from './event-streams.ts'
import { answersOnce } from './idempotency.ts'
import { shedLoad } from './load.ts'
import { answerNowhere, answerProblem } from './problems.ts'
import { eventRoutes } from './routes/events.ts'
import { healthRoutes } from './routes/health.ts'
import { sessionRoutes } from './routes/sessions.ts'

/** The largest body of a request that is no upload, in bytes. */
const largestBody = 1024 * 1024

/** Where the API's own routes begin. */
export const apiPath = '/api/v1'

/** What the OpenAPI document says of the whole. */
export const description = {
  openapi: '3.1.0',
  info: {
    title: 'Sheaf',
    version,
    description:
      'Literature reviews in which every statement stands on a quotation that anyone can check. Work is done by jobs: what starts or steers a review answers 202 at once, and the events of its session tell what becomes of it.',
  },
}

/**
 * Puts the API together: what guards every request, then the routes of each resource.
 * @param streams given by who closes them when the server stops
 */
export function createApi(context: ApiContext, streams: EventStreams = createEventStreams(context)) {
  const app = routes()
  app.onError((thrown, c) => answerProblem(c, thrown, context.report))
  app.notFound(answerNowhere)
  app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } }))
  app.use(`${apiPath}/*`, shedLoad(context.loadLimits))
  app.use(
    `${apiPath}/*`,
    bodyLimit({
      maxSize: largestBody,
      onError: () => {
        throw new SheafError('too_large', `A request may hold ${largestBody} bytes.`)
      },
    }),
  )
  app.use(`${apiPath}/*`, async (c, next) => {
    c.set('caller', await context.identify(c.req.raw))
    await next()
  })
  app.use(`${apiPath}/*`, answersOnce(context))
  app.doc31(`${apiPath}/openapi.json`, description)
  return app
    .route('/', healthRoutes(context))
    .route(apiPath, sessionRoutes(context))
    .route(apiPath, eventRoutes(context, streams))
}

/** The API's type, from which its client knows every route. */
export type Api = ReturnType<typeof createApi>
