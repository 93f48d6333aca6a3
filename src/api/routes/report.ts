import { createRoute, z } from '@hono/zod-openapi'
import { reportFileTypes, reportParamsSchema } from '../../contract/api/report.ts'
import { sessionIdSchema } from '../../contract/api/session.ts'
import { prismaSchema } from '../../contract/report.ts'
import { openReportFile, prismaOf } from '../../session/read-report.ts'
import { visibleSession } from '../../session/visible-session.ts'
import type { ApiContext } from '../context.ts'
import { failures, json, needs, routes } from '../describe.ts'
import { unlessKnown } from '../etag.ts'

const tags = ['Report']

const file = createRoute({
  method: 'get',
  path: '/sessions/{session}/report/{file}',
  tags,
  summary: 'A file of a finished review',
  middleware: needs('read'),
  request: { params: reportParamsSchema },
  responses: {
    200: {
      content: Object.fromEntries(
        Object.values(reportFileTypes).map((type) => [type.split(';')[0]!, { schema: z.string() }]),
      ),
      description: 'The file, as the command line writes it.',
    },
    ...failures,
  },
})

const prisma = createRoute({
  method: 'get',
  path: '/sessions/{session}/prisma',
  tags,
  summary: 'Numbers of the PRISMA flow diagram of a finished review',
  middleware: needs('read'),
  request: { params: z.object({ session: sessionIdSchema }) },
  responses: { 200: json(prismaSchema, 'The numbers.'), ...failures },
})

/**
 * What a report's page may do: it is one file with its own style and script, and nothing of it may reach the API with the
 * reader's login, whatever a paper's text tried.
 */
const pagePolicy =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox allow-scripts allow-popups allow-downloads"

/** The files of a finished review. */
export function reportRoutes({ deployment }: ApiContext) {
  return routes()
    .openapi(file, async (c) => {
      const { session: id, file: name } = c.req.valid('param')
      const session = await visibleSession(deployment, c.get('caller'), id)
      return unlessKnown(c, [session.run, session.lastEvent], async () => {
        const { bytes, stream } = await openReportFile(deployment, session, name)
        c.header('Content-Type', reportFileTypes[name])
        c.header('Content-Length', String(bytes))
        c.header('Content-Disposition', `inline; filename="${name}"`)
        c.header('Content-Security-Policy', pagePolicy)
        return c.body(stream, 200)
      })
    })
    .openapi(prisma, async (c) => {
      const session = await visibleSession(deployment, c.get('caller'), c.req.valid('param').session)
      return unlessKnown(c, [session.run, session.lastEvent], async () =>
        c.json(await prismaOf(deployment, session), 200),
      )
    })
}
