import { isAbsolute } from 'node:path'
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { libraryFolderSchema, uploadNameSchema, uploadSchema } from '../../contract/api/library.ts'
import { pageOf, pageQuerySchema, pageSchema } from '../../contract/api/paging.ts'
import { SheafError } from '../../errors.ts'
import { addLibraryFolder, libraryFolders, removeLibraryFolder } from '../../session/library.ts'
import { keepUpload, listUploads, openUpload, readUpload, removeUpload } from '../../session/uploads.ts'
import type { ApiContext, ApiEnvironment } from '../context.ts'
import { failures, json, jsonBody, needs, routes } from '../describe.ts'
import { unlessKnown } from '../etag.ts'

const tags = ['Library']
const params = z.object({ name: uploadNameSchema.meta({ description: 'Name of the file.' }) })
const bytes = { 'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) } }

const list = createRoute({
  method: 'get',
  path: '/library/files',
  tags,
  summary: 'Your own papers and bibliographies, by name',
  middleware: needs('read'),
  request: { query: pageQuerySchema },
  responses: { 200: json(pageSchema(uploadSchema), 'One page of the list.'), ...failures },
})

const put = createRoute({
  method: 'put',
  path: '/library/files/{name}',
  tags,
  summary: 'Put in a paper (PDF) or a bibliography (BibTeX, RIS, CSL JSON, CSV); its bytes are the body',
  middleware: needs('write'),
  request: { params },
  responses: {
    200: json(uploadSchema, 'It takes the place of the file that had its name, or is the same.'),
    201: json(uploadSchema, 'It is kept.'),
    ...failures,
  },
})

const read = createRoute({
  method: 'get',
  path: '/library/files/{name}',
  tags,
  summary: 'One file of yours, without its bytes',
  middleware: needs('read'),
  request: { params },
  responses: { 200: json(uploadSchema, 'The file.'), ...failures },
})

const content = createRoute({
  method: 'get',
  path: '/library/files/{name}/content',
  tags,
  summary: 'The bytes of one file of yours',
  middleware: needs('read'),
  request: { params },
  responses: { 200: { content: bytes, description: 'The bytes, to be saved.' }, ...failures },
})

const remove = createRoute({
  method: 'delete',
  path: '/library/files/{name}',
  tags,
  summary: 'Remove a file of yours; reviews that have read it keep what they found',
  middleware: needs('write'),
  request: { params },
  responses: { 204: { description: 'It is removed.' }, ...failures },
})

const folders = createRoute({
  method: 'get',
  path: '/library/folders',
  tags,
  summary: 'Folders of the server that are reviewed when nothing else is named',
  middleware: needs('admin'),
  request: { query: pageQuerySchema },
  responses: { 200: json(pageSchema(libraryFolderSchema), 'One page of the list.'), ...failures },
})

const addFolder = createRoute({
  method: 'post',
  path: '/library/folders',
  tags,
  summary: 'Keep a folder of the server for reviews',
  middleware: needs('admin'),
  request: { body: jsonBody(libraryFolderSchema) },
  responses: {
    200: json(libraryFolderSchema, 'It was kept already.'),
    201: json(libraryFolderSchema, 'It is kept.'),
    ...failures,
  },
})

const removeFolder = createRoute({
  method: 'delete',
  path: '/library/folders',
  tags,
  summary: 'Forget a folder; its files stay as they are',
  middleware: needs('admin'),
  request: { body: jsonBody(libraryFolderSchema) },
  responses: { 200: json(libraryFolderSchema, 'It is forgotten.'), ...failures },
})

/** Whether a request carries a file, whose length only its own route bounds. */
export function isUpload({ req }: Context, apiPath: string): boolean {
  return req.method === 'PUT' && req.path.startsWith(`${apiPath}/library/files/`)
}

/** Papers of one's own, and the server's folders of papers. */
export function libraryRoutes({ deployment }: ApiContext) {
  return routes()
    .openapi(list, async (c) => {
      const { limit, after } = c.req.valid('query')
      const found = await listUploads(deployment, c.get('caller'), { after, limit: limit + 1 })
      return unlessKnown(c, found, () =>
        c.json(
          pageOf(found, limit, ({ name }) => name),
          200,
        ),
      )
    })
    .openapi(put, async (c) => {
      const { name } = c.req.valid('param')
      const kept = await keepUpload(deployment, c.get('caller'), name, c.req.raw.body, announcedLength(c))
      return c.json(kept.upload, kept.isNew ? 201 : 200)
    })
    .openapi(read, async (c) => {
      const upload = await readUpload(deployment, c.get('caller'), c.req.valid('param').name)
      return unlessKnown(c, [upload], () => c.json(upload, 200))
    })
    .openapi(content, async (c) => {
      const { name } = c.req.valid('param')
      const { sha256, open } = await openUpload(deployment, c.get('caller'), name)
      return unlessKnown(c, [sha256], async () => {
        const { bytes, stream } = await open()
        return c.body(stream, 200, {
          'Content-Type': 'application/octet-stream',
          'Content-Length': String(bytes),
          'Content-Disposition': attachment(name),
          'X-Content-Type-Options': 'nosniff',
        })
      })
    })
    .openapi(remove, async (c) => {
      await removeUpload(deployment, c.get('caller'), c.req.valid('param').name)
      return c.body(null, 204)
    })
    .openapi(folders, async (c) => {
      const { limit, after = '' } = c.req.valid('query')
      const found = (await libraryFolders(deployment)).filter((path) => path > after).slice(0, limit + 1)
      return unlessKnown(c, found, () => {
        const { items, ...page } = pageOf(found, limit, (path) => path)
        return c.json({ items: items.map((path) => ({ path })), ...page }, 200)
      })
    })
    .openapi(addFolder, async (c) => {
      const { path, isNew } = await addLibraryFolder(deployment, absolute(c.req.valid('json').path))
      return c.json({ path }, isNew ? 201 : 200)
    })
    .openapi(removeFolder, async (c) => {
      const path = await removeLibraryFolder(deployment, absolute(c.req.valid('json').path))
      return c.json({ path }, 200)
    })
}

function announcedLength({ req }: Context<ApiEnvironment>): number | undefined {
  const length = Number(req.header('Content-Length') ?? Number.NaN)
  return Number.isSafeInteger(length) ? length : undefined
}

/** RFC 6266: a plain name for old clients, and the name itself as RFC 8187 writes it. */
function attachment(name: string): string {
  const plain = name.replace(/[^\w .()-]/g, '_')
  const encoded = encodeURIComponent(name).replace(
    /['()*!]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}

function absolute(path: string): string {
  if (isAbsolute(path)) return path
  throw new SheafError('invalid_input', `${path} is not an absolute path.`)
}
