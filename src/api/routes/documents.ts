import { createRoute, z } from '@hono/zod-openapi'
import {
  findingIdSchema,
  pageParamsSchema,
  pageViewSchema,
  placedSpanSchema,
} from '../../contract/api/findings.ts'
import { sessionIdSchema } from '../../contract/api/session.ts'
import { reportDocumentSchema } from '../../contract/report.ts'
import { drawPage, drawSpan, findPage, listDocuments, placeSpan } from '../../session/session-documents.ts'
import { visibleSession } from '../../session/visible-session.ts'
import type { ApiContext } from '../context.ts'
import { failures, json, needs, routes } from '../describe.ts'
import { unlessKnown } from '../etag.ts'

const tags = ['Documents']
const spanParams = z.object({ session: sessionIdSchema, span: findingIdSchema })
const picture = (type: string, description: string) => ({
  200: { content: { [type]: { schema: z.string().meta({ format: 'binary' }) } }, description },
  ...failures,
})

const documents = createRoute({
  method: 'get',
  path: '/sessions/{session}/documents',
  tags,
  summary: 'Every document that a review read or tried to read',
  middleware: needs('read'),
  request: { params: z.object({ session: sessionIdSchema }) },
  responses: { 200: json(z.object({ items: z.array(reportDocumentSchema) }), 'The documents.'), ...failures },
})

const page = createRoute({
  method: 'get',
  path: '/sessions/{session}/documents/{document}/pages/{page}',
  tags,
  summary: 'The text of a page',
  middleware: needs('read'),
  request: { params: pageParamsSchema },
  responses: { 200: json(pageViewSchema, 'The page.'), ...failures },
})

const pagePicture = createRoute({
  method: 'get',
  path: '/sessions/{session}/documents/{document}/pages/{page}/picture',
  tags,
  summary: 'A page as a picture',
  middleware: needs('read'),
  request: { params: pageParamsSchema },
  responses: picture('image/png', 'The page.'),
})

const span = createRoute({
  method: 'get',
  path: '/sessions/{session}/evidence/{span}',
  tags,
  summary: 'A quotation and where it stands on its pages',
  middleware: needs('read'),
  request: { params: spanParams },
  responses: { 200: json(placedSpanSchema, 'The quotation.'), ...failures },
})

const spanPicture = createRoute({
  method: 'get',
  path: '/sessions/{session}/evidence/{span}/picture',
  tags,
  summary: 'The page of a quotation with its words marked',
  middleware: needs('read'),
  request: {
    params: spanParams,
    query: z.object({
      place: z.coerce
        .number()
        .int()
        .min(0)
        .max(1)
        .default(0)
        .meta({ description: '1 for the second page of a quotation that goes on over a page break.' }),
    }),
  },
  responses: picture('image/svg+xml', 'The page.'),
})

/** The documents of a review, their pages, and quotations marked on them. */
export function documentRoutes({ deployment }: ApiContext) {
  return routes()
    .openapi(documents, async (c) => {
      const { session: id } = c.req.valid('param')
      const { run, lastEvent } = await visibleSession(deployment, c.get('caller'), id)
      return unlessKnown(c, [run, lastEvent], async () =>
        c.json({ items: await listDocuments(deployment, id) }, 200),
      )
    })
    .openapi(page, async (c) => {
      const { session: id, document, page: number } = c.req.valid('param')
      await visibleSession(deployment, c.get('caller'), id)
      return unlessKnown(c, [document], async () => {
        const { boxes: _, lines: __, ...view } = await findPage(deployment, id, document, number)
        return c.json(view, 200)
      })
    })
    .openapi(pagePicture, async (c) => {
      const { session: id, document, page: number } = c.req.valid('param')
      await visibleSession(deployment, c.get('caller'), id)
      return unlessKnown(c, [document], async () => {
        const { png } = await drawPage(deployment, id, document, number)
        return c.body(new Uint8Array(png), 200, { 'Content-Type': 'image/png' })
      })
    })
    .openapi(span, async (c) => {
      const { session: id, span } = c.req.valid('param')
      const { run } = await visibleSession(deployment, c.get('caller'), id)
      return unlessKnown(c, [run], async () => {
        const { span: found, highlights } = await placeSpan(deployment, id, span)
        return c.json(
          {
            span: found,
            highlights: highlights.map(({ rectangles, ...place }) => ({
              ...place,
              rectangles: [...rectangles],
            })),
          },
          200,
        )
      })
    })
    .openapi(spanPicture, async (c) => {
      const { session: id, span } = c.req.valid('param')
      const { run } = await visibleSession(deployment, c.get('caller'), id)
      return unlessKnown(c, [run], async () => {
        const svg = await drawSpan(deployment, id, span, c.req.valid('query').place)
        c.header(
          'Content-Security-Policy',
          "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox",
        )
        return c.body(svg, 200, { 'Content-Type': 'image/svg+xml' })
      })
    })
}
