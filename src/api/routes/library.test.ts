import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestApi, type TestApi } from '../../../test/support/api.ts'
import { minimalPdf } from '../../../test/support/minimal-pdf.ts'
import { storeReader, storeTexts } from '../../../test/support/search.ts'
import type { Scope } from '../../contract/caller.ts'
import { type Served, serve } from '../serve.ts'

let api: TestApi
let served: Served
const tokens = new Map<string, string>()
/** Who asks, as a header; Ada, who may write, where nothing else is said. */
const by = (user = 'ada', scope: Scope = 'write') => ({
  Authorization: `Bearer ${tokens.get(`${user} ${scope}`)}`,
})
const uploads = { mostFiles: 4, mostBytes: 3_000_000, largestPaper: 2_000_000, largestBibliography: 1000 }
beforeAll(async () => {
  api = await openTestApi()
  for (const [user, scope] of [
    ['ada', 'read'],
    ['ada', 'write'],
    ['ada', 'admin'],
    ['bob', 'write'],
    ['../../bob', 'write'],
  ] as const)
    tokens.set(`${user} ${scope}`, await api.token(user, scope))
  const { deployment } = api.context
  const context = {
    ...api.context,
    deployment: { ...deployment, uploads: { ...deployment.uploads, ...uploads, patience: 300 } },
  }
  mkdirSync(join(api.home, 'library'))
  served = await serve(context, { host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await served.close(0)
  expect(api.faults).toEqual([])
  await api[Symbol.asyncDispose]()
})
beforeEach(async () => {
  const { items } = (await (await send('GET', '')).json()) as { items: { name: string }[] }
  for (const { name } of items) await send('DELETE', `/${encodeURIComponent(name)}`)
  expect(onDisk()).toEqual([])
})

const pdf = (rest: number | string = '') =>
  Buffer.concat([
    Buffer.from('%PDF-1.7\n'),
    Buffer.alloc(typeof rest === 'number' ? rest : 0, 'x'),
    Buffer.from(String(rest)),
  ])

function send(method: string, path: string, body?: Uint8Array, headers: Record<string, string> = by()) {
  return fetch(`${served.url}/api/v1/library/files${path}`, {
    method,
    headers,
    ...(body && { body, duplex: 'half' }),
  } as RequestInit)
}

const ask: TestApi['send'] = (method, path, { headers = by(), ...options } = {}) =>
  api.send(method, path, { ...options, headers })

/** All files below the library's folder. */
function onDisk(): string[] {
  return readdirSync(join(api.home, 'library'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort()
}

/** Sends words as they are, and gives back the head of the answer once the server has ended it. */
async function raw(words: string, ...later: string[]): Promise<string> {
  const socket = connect(Number(new URL(served.url).port), '127.0.0.1')
  socket.on('error', () => undefined)
  let answer = ''
  socket.on('data', (piece) => {
    answer += piece
  })
  socket.write(words)
  for (const piece of later) socket.write(piece)
  await once(socket, 'close')
  return answer
}
const head = (name: string, ...headers: string[]) =>
  [
    `PUT /api/v1/library/files/${name} HTTP/1.1`,
    `Host: ${new URL(served.url).host}`,
    `Authorization: ${by().Authorization}`,
    'Connection: close',
    ...headers,
    '',
    '',
  ].join('\r\n')

test('a paper is kept as it came, listed, sent back to be saved, and removed', async () => {
  const body = pdf('paper')
  const name = 'Smith – “Straße” (2020).pdf'
  const path = `/${encodeURIComponent(name)}`
  const kept = await send('PUT', path, body)
  const sha256 = createHash('sha256').update(body).digest('hex')
  expect([kept.status, await kept.json()]).toEqual([
    201,
    { name, bytes: body.length, sha256, uploadedAt: expect.any(String) },
  ])
  expect(onDisk()).toEqual([name])
  expect((await send('PUT', path, body)).status).toBe(200)
  expect(await (await send('GET', path)).json()).toMatchObject({ name, sha256 })
  const content = await send('GET', `${path}/content`)
  expect(Buffer.from(await content.arrayBuffer())).toEqual(body)
  expect(content.headers.get('Content-Disposition')).toBe(
    `attachment; filename="Smith _ _Stra_e_ (2020).pdf"; filename*=UTF-8''${encodeURIComponent(name).replace('(', '%28').replace(')', '%29')}`,
  )
  expect(content.headers.get('X-Content-Type-Options')).toBe('nosniff')
  expect((await send('DELETE', path)).status).toBe(204)
  expect([(await send('GET', path)).status, (await send('DELETE', path)).status]).toEqual([404, 404])
})

test('files are listed in pages; a new one takes the place of the old; another’s are not there', async () => {
  for (const name of ['b.pdf', 'a.PDF', 'c.bib']) await send('PUT', `/${name}`, pdf(name))
  expect((await send('PUT', '/b.pdf', pdf('other'))).status).toBe(200)
  const page = await (await send('GET', '?limit=2')).json()
  expect(page).toMatchObject({ items: [{ name: 'a.PDF' }, { name: 'b.pdf', bytes: 14 }], next: 'b.pdf' })
  const other = by('bob')
  expect(await (await send('GET', '', undefined, other)).json()).toEqual({ items: [] })
  for (const [method, path] of [
    ['GET', '/b.pdf'],
    ['GET', '/b.pdf/content'],
    ['DELETE', '/b.pdf'],
  ] as const)
    expect((await send(method, path, undefined, other)).status).toBe(404)
})

test.each([
  ['..%2F..%2Fetc%2Fx.pdf'],
  ['%2e%2e%2fx.pdf'],
  ['..%5cx.pdf'],
  ['%252e%252e%252fx.pdf'],
  ['%c0%ae%c0%ae%c0%afx.pdf'],
  ['a%00.pdf'],
  ['a%0d%0aSet-Cookie:%20b.pdf'],
  ['.hidden.pdf'],
  ['fdp.%E2%80%AEgnp.pdf'],
  ['NUL.pdf'],
  ['com1.tex.pdf'],
  ['C:x.pdf'],
  ['x.pdf:stream.pdf'],
  ['x.exe'],
  ['x.pdf%20'],
  [`${'a'.repeat(200)}.pdf`],
  [`${'%E2%82%AC'.repeat(66)}.pdf`],
])('the name %s is refused', async (name) => {
  const answer = await raw(`${head(name, 'Content-Length: 9')}%PDF-1.7\n`)
  expect(answer).toMatch(/^HTTP\/1.1 400 /)
  expect(onDisk()).toEqual([])
})

test.each(['../../x.pdf', '%2e%2e/%2e%2e/x.pdf', 'x.pdf/../../../../y.pdf', ''])(
  'the path %s leads nowhere',
  async (path) => {
    expect(await raw(`${head(path, 'Content-Length: 9')}%PDF-1.7\n`)).toMatch(/^HTTP\/1.1 404 /)
    expect(onDisk()).toEqual([])
  },
)

test('a name is the same however its accents are written, and its case is kept', async () => {
  await send('PUT', '/Pe%CC%81rez.pdf', pdf())
  expect((await send('PUT', '/P%C3%A9rez.pdf', pdf())).status).toBe(200)
  expect((await send('PUT', '/p%C3%A9rez.pdf', pdf())).status).toBe(201)
  expect(onDisk()).toEqual(['Pérez.pdf', 'pérez.pdf'])
})

test('what is no PDF is refused, and what is larger than is taken, as soon as that is known', async () => {
  expect((await send('PUT', '/a.pdf', Buffer.from('<html>'))).status).toBe(400)
  expect((await send('PUT', '/a.pdf', Buffer.alloc(5000, ' '))).status).toBe(400)
  expect((await send('PUT', '/a.pdf')).status).toBe(400)
  expect((await send('PUT', '/a.bib', Buffer.alloc(1001, ' '))).status).toBe(413)
  expect((await send('PUT', '/a.pdf', pdf(1_999_900))).status).toBe(201)
  // Only the head is sent: the answer does not wait for the rest.
  const announced = await raw(head('b.pdf', 'Content-Length: 9000000'))
  expect(announced).toMatch(/^HTTP\/1.1 413 [\s\S]*urn:sheaf:problem:too_large/)
  const piece = `${(4096).toString(16)}\r\n%PDF-${'x'.repeat(4091)}\r\n`
  const unannounced = await raw(head('b.pdf', 'Transfer-Encoding: chunked'), ...Array(600).fill(piece))
  expect(unannounced).toMatch(/^HTTP\/1.1 409 [\s\S]*bytes in all/)
  expect(onDisk()).toEqual(['a.pdf'])
})

test('one user may have so many files and bytes, whatever others have', async () => {
  for (const name of ['1', '2', '3', '4']) expect((await send('PUT', `/${name}.bib`, pdf())).status).toBe(201)
  expect((await send('PUT', '/5.bib', pdf())).status).toBe(409)
  expect((await send('PUT', '/4.bib', pdf('again'))).status).toBe(200)
  const other = by('../../bob')
  expect((await send('PUT', '/5.bib', pdf(), other)).status).toBe(201)
  await send('DELETE', '/5.bib', undefined, other)
})

test('a body that stalls or breaks off leaves nothing', async () => {
  const begun = head('a.pdf', 'Content-Length: 100')
  expect(await raw(`${begun}%PDF-1.7`)).toMatch(/^HTTP\/1.1 400 [\s\S]*stopped coming/)
  const socket = connect(Number(new URL(served.url).port), '127.0.0.1')
  socket.write(`${begun}%PDF-1.7`)
  while (onDisk().length === 0) await new Promise(setImmediate)
  socket.destroy()
  while (onDisk().length > 0) await new Promise(setImmediate)
  expect((await send('GET', '/a.pdf')).status).toBe(404)
})

test('of uploads of one name at the same time one is kept, whole', async () => {
  const bodies = Array.from({ length: 6 }, (_, index) => pdf(100_000 + index))
  const answers = await Promise.all(bodies.map((body) => send('PUT', '/a.pdf', body)))
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  const { bytes } = (await (await send('GET', '/a.pdf')).json()) as { bytes: number }
  const content = Buffer.from(await (await send('GET', '/a.pdf/content')).arrayBuffer())
  expect(content).toEqual(bodies.find(({ length }) => length === bytes))
  expect(onDisk()).toEqual(['a.pdf'])
})

test('who may only read cannot put in or remove', async () => {
  const reader = by('ada', 'read')
  expect((await send('PUT', '/a.pdf', pdf(), reader)).status).toBe(403)
  expect((await send('DELETE', '/a.pdf', undefined, reader)).status).toBe(403)
})

test('a review is made of one’s own papers where nothing else is named', async () => {
  const start = async (headers: Record<string, string>) => {
    const answer = await ask('POST', '/sessions', { json: { question: 'Why?' }, headers })
    const { session_id } = (await answer.json()) as { session_id: string }
    const session = await ask('GET', `/sessions/${session_id}`, { headers: by('ada', 'admin') })
    return ((await session.json()) as { settings: { sources: string[]; libraryFolders: string[] } }).settings
  }
  await send('PUT', '/a.pdf', minimalPdf([{ content: '' }]))
  const settings = await start(by())
  expect(settings).toMatchObject({
    sources: ['library'],
    libraryFolders: [expect.stringMatching(/[0-9a-f]{32}$/)],
  })
  expect(readdirSync(settings.libraryFolders[0]!)).toEqual(['a.pdf'])
  expect((await start(by('bob'))).sources).not.toContain('library')
})

test('folders of the server are an administrator’s', async () => {
  const json = { path: api.home }
  const headers = by('ada', 'admin')
  expect((await ask('POST', '/library/folders', { json })).status).toBe(403)
  expect((await ask('GET', '/library/folders')).status).toBe(403)
  expect((await ask('POST', '/library/folders', { json: { path: 'here' }, headers })).status).toBe(400)
  expect((await ask('POST', '/library/folders', { json: { path: '/nowhere' }, headers })).status).toBe(404)
  expect((await ask('POST', '/library/folders', { json, headers })).status).toBe(201)
  expect((await ask('POST', '/library/folders', { json, headers })).status).toBe(200)
  const listed = await ask('GET', '/library/folders', { headers })
  expect(await listed.json()).toEqual({ items: [json] })
  expect((await ask('DELETE', '/library/folders', { json, headers })).status).toBe(200)
  expect((await ask('DELETE', '/library/folders', { json, headers })).status).toBe(404)
})

test('what was read is searched by who may see it', async () => {
  const { sql } = api.app.deployment
  await storeTexts(sql, 'seen', ['A <script>needle</script> in hay.'])
  await storeReader(sql, 'a1', 'ada', ['seen'])
  const search = (query: string, headers = by()) => api.send('GET', `/library/search?${query}`, { headers })
  const answer = await (await search('q=needles')).json()
  expect(answer).toMatchObject({
    items: [
      { title: 'seen by ada', snippet: { text: 'A <script>needle</script> in hay.', marks: [[10, 16]] } },
    ],
    method: 'text',
  })
  expect(await (await search('q=needles&mode=meaning')).json()).toMatchObject({
    method: 'words',
    items: [{ page: 1 }],
  })
  expect(await (await search('q=needles', by('bob'))).json()).toEqual({ items: [], method: 'text' })
  expect((await search('q=a%00b')).status).toBe(200)
  for (const query of [
    '',
    'q=%20',
    'q=x&after=x',
    'q=x&after=%00',
    'q=x&mode=sql',
    'q=x&limit=51',
    `q=${'x'.repeat(501)}`,
  ])
    expect([query, (await search(query)).status]).toEqual([query, 400])
})

test('the routes stand in the document that describes the API', async () => {
  const { paths } = (await (await ask('GET', '/openapi.json')).json()) as {
    paths: Record<string, object>
  }
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining([
      '/api/v1/library/files/{name}',
      '/api/v1/library/files/{name}/content',
      '/api/v1/library/folders',
      '/api/v1/library/search',
    ]),
  )
})
