import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import { SheafError } from '../errors.ts'
import { version } from '../version.ts'
import type { ApiContext } from './context.ts'
import { routes } from './describe.ts'
import { createEventStreams, type EventStreams } from './event-streams.ts'
import { audited } from './guards/audited.ts'
import { knownCaller } from './guards/known-caller.ts'
import { knownHost } from './guards/known-host.ts'
import { describedMediaType } from './guards/media-type.ts'
import { observed } from './guards/observed.ts'
import { sameOrigin } from './guards/same-origin.ts'
import { userLimit } from './guards/user-limit.ts'
import { answersOnce } from './idempotency.ts'
import { shedLoad } from './load.ts'
import { answerNowhere, answerProblem } from './problems.ts'
import { referencePolicy, renderReference } from './reference.ts'
import { accessRoutes } from './routes/access.ts'
import { authRoutes } from './routes/auth.ts'
import { conversationRoutes } from './routes/conversations.ts'
import { documentRoutes } from './routes/documents.ts'
import { eventRoutes } from './routes/events.ts'
import { findingRoutes } from './routes/findings.ts'
import { healthRoutes } from './routes/health.ts'
import { ledgerRoutes } from './routes/ledger.ts'
import { isUpload, libraryRoutes } from './routes/library.ts'
import { planRoutes } from './routes/plans.ts'
import { reportRoutes } from './routes/report.ts'
import { screeningRoutes } from './routes/screening.ts'
import { searchRoutes } from './routes/search.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { shareRoutes } from './routes/shares.ts'

/** The largest body of a request that is no upload, in bytes. */
const largestBody = 1024 * 1024

/** What a browser may do with an answer that says nothing else: nothing. */
const strictestPolicy = "default-src 'none'; frame-ancestors 'none'"

/** Where the API's own routes begin. */
export const apiPath = '/api/v1'
const referencePath = `${apiPath}/reference`

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

/** Whether a path shows something to people, who come to it by links from anywhere. */
function isPage(path: string): boolean {
  return !path.startsWith(`${apiPath}/`) || path === referencePath
}

/**
 * Puts the API together: what guards every request, then the routes of each resource.
 * @param streams given by who closes them when the server stops
 */
export function createApi(context: ApiContext, streams: EventStreams = createEventStreams(context)) {
  const app = routes()
  app.onError((thrown, c) => answerProblem(c, thrown, context.report))
  app.notFound(answerNowhere)
  app.use(observed(context))
  app.use(secureHeaders())
  app.use(async (c, next) => {
    await next()
    if (!c.res.headers.has('Content-Security-Policy')) c.header('Content-Security-Policy', strictestPolicy)
  })
  app.use(`${apiPath}/*`, shedLoad(context.loadLimits))
  app.use(knownHost(context.access.rules))
  app.use(sameOrigin(context.access.rules, isPage))
  const bounded = bodyLimit({
    maxSize: largestBody,
    onError: () => {
      throw new SheafError('too_large', `A request may hold ${largestBody} bytes.`)
    },
  })
  const described = describedMediaType(app)
  app.use(`${apiPath}/*`, (c, next) => (isUpload(c, apiPath) ? next() : bounded(c, next)))
  app.use(`${apiPath}/*`, (c, next) => (isUpload(c, apiPath) ? next() : described(c, next)))
  app.use(`${apiPath}/*`, knownCaller(context))
  app.use(`${apiPath}/*`, userLimit(context))
  app.use(`${apiPath}/*`, audited(context, apiPath))
  app.use(`${apiPath}/*`, answersOnce(context))
  app.doc31(`${apiPath}/openapi.json`, description)
  const api = app
    .route('/', healthRoutes(context))
    .route('/', authRoutes(context))
    .route(apiPath, accessRoutes(context))
    .route(apiPath, shareRoutes(context))
    .route(apiPath, conversationRoutes(context))
    .route(apiPath, sessionRoutes(context))
    .route(apiPath, eventRoutes(context, streams))
    .route(apiPath, findingRoutes(context))
    .route(apiPath, documentRoutes(context))
    .route(apiPath, reportRoutes(context))
    .route(apiPath, libraryRoutes(context))
    .route(apiPath, searchRoutes(context))
    .route(apiPath, ledgerRoutes(context))
    .route(apiPath, planRoutes(context))
    .route(apiPath, screeningRoutes(context))
  api.get(referencePath, (c) => {
    c.header('Content-Security-Policy', referencePolicy)
    return c.html(renderReference(api.getOpenAPI31Document(description)))
  })
  return api
}

/** The API's type, from which its client knows every route. */
export type Api = ReturnType<typeof createApi>
