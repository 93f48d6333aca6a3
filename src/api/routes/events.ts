import { createRoute, z } from '@hono/zod-openapi'
import { accepts } from 'hono/accepts'
import { eventHeadersSchema, eventQuerySchema } from '../../contract/api/event.ts'
import { pageOf, pageSchema } from '../../contract/api/paging.ts'
import { sessionIdSchema } from '../../contract/api/session.ts'
import { sessionEventSchema } from '../../contract/events.ts'
import { SheafError } from '../../errors.ts'
import { pastEvents } from '../../session/follow-events.ts'
import { visibleSession } from '../../session/visible-session.ts'
import type { ApiContext } from '../context.ts'
import { failures, needs, routes } from '../describe.ts'
import { streamHeaders } from '../event-stream.ts'
import type { EventStreams } from '../event-streams.ts'

const streamType = 'text/event-stream'
const pageType = 'application/json'

const events = createRoute({
  method: 'get',
  path: '/sessions/{session}/events',
  tags: ['Sessions'],
  summary:
    'What happens to a review, as a stream of server-sent events; as JSON one page of what has happened',
  middleware: needs('read'),
  request: {
    params: z.object({ session: sessionIdSchema }),
    query: eventQuerySchema,
    headers: eventHeadersSchema,
  },
  responses: {
    200: {
      content: {
        [pageType]: { schema: pageSchema(sessionEventSchema) },
        [streamType]: {
          schema: z.string().meta({
            description:
              'Each event has its number as `id`, its type as `event` and the whole of it as JSON in `data`. An event `end` says why nothing more will come.',
          }),
        },
      },
      description: 'The events, from the first on that was asked for.',
    },
    204: { description: 'The review has ended, and you have seen all of it: do not connect again.' },
    ...failures,
  },
})

/** The events of a review. */
export function eventRoutes({ deployment }: Pick<ApiContext, 'deployment'>, streams: EventStreams) {
  return routes().openapi(events, async (c) => {
    const { session } = c.req.valid('param')
    const { after: asked = 0, limit } = c.req.valid('query')
    const after = c.req.valid('header')['last-event-id'] ?? asked
    const caller = c.get('caller')
    const type = accepts(c, { header: 'Accept', supports: [streamType, pageType], default: streamType })
    if (type === pageType) {
      const found = await pastEvents(deployment, caller, session, { after, limit: limit + 1 })
      c.header('Vary', 'Accept')
      return c.json(
        pageOf(found, limit, ({ sequence }) => String(sequence)),
        200,
      )
    }
    if (c.req.method === 'HEAD') {
      await visibleSession(deployment, caller, session)
      return c.body(null, 200, streamHeaders) as never
    }
    const { outgoing } = (c.env ?? {}) as Partial<typeof c.env>
    if (!outgoing) {
      await visibleSession(deployment, caller, session)
      throw new SheafError('internal', 'Events are streamed on a connection, and there is none.')
    }
    const isOpen = await streams.open(outgoing, {
      caller,
      credentials: c.get('credentials'),
      session,
      after,
    })
    return isOpen ? (c.body(null, 200) as never) : c.body(null, 204)
  })
}
