import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startS3, type TestBucket } from '../../test/support/s3.ts'
import type { BlobStore } from './blob-store.ts'
import { createFolderStore } from './folder-store.ts'
import { receive } from './receive.ts'
import { createS3Store } from './s3-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'sheaf-blobs-'))
let bucket: TestBucket
beforeAll(async () => {
  bucket = await startS3()
})
afterAll(async () => {
  await bucket.stop()
  rmSync(folder, { recursive: true })
})

const bytes = Buffer.from('%PDF-1.7 and more')
const text = (stream: ReadableStream) => new Response(stream).text()
const bodyOf = (...pieces: string[]) => ReadableStream.from(pieces.map((piece) => Buffer.from(piece)))
const limits = { patience: 5_000, check: () => {} }

describe.each<[string, () => BlobStore & { close?(): Promise<void> }]>([
  ['a folder', () => createFolderStore(folder)],
  ['a bucket', () => createS3Store(bucket.place)],
])('in %s', (_, make) => {
  let store: ReturnType<typeof make>
  beforeAll(() => {
    store = make()
  })
  afterAll(() => store.close?.())

  test('what was written is had again, by another process too, until it is removed', async () => {
    const place = store.placeOf('documents', 'ab', 'ä b+c%20&?#.pdf')
    expect(await store.find(place)).toBeUndefined()
    await store.write(place, bytes, 'A text')
    const other = make()
    expect(await other.read(place)).toEqual(bytes)
    expect(await other.find(place)).toMatchObject({ bytes: bytes.length, modified: expect.any(Number) })
    const open = await other.open(place)
    expect([open?.bytes, await text(open!.stream)]).toEqual([bytes.length, String(bytes)])
    await store.write(place, Buffer.from('other'), 'A text')
    expect(String(await other.read(place))).toBe('other')
    await other.remove(place)
    await store.remove(place)
    for (const ask of [store.find(place), store.read(place), store.open(place)])
      expect(await ask).toBeUndefined()
    await other.close?.()
  })

  test('nothing is an empty file', async () => {
    await store.write(store.placeOf('empty'), Buffer.alloc(0), 'Nothing')
    expect(await store.read(store.placeOf('empty'))).toEqual(Buffer.alloc(0))
  })

  test('what was received is taken whole, and takes the place of what was there', async () => {
    const place = store.placeOf('library', 'u1', 'paper.pdf')
    for (const content of ['%PDF-1.7 first', '%PDF-1.7 second, longer']) {
      const received = await receive(
        bodyOf(content.slice(0, 6), content.slice(6)),
        store.receivingFolder(place),
        limits,
      )
      await store.take(place, received)
      expect(existsSync(received.path)).toBe(false)
      expect(String(await store.read(place))).toBe(content)
    }
    expect(await store.names(store.placeOf('library', 'u1'))).toEqual(['paper.pdf'])
  })

  test('a body that breaks off leaves nothing', async () => {
    const place = store.placeOf('library', 'u2', 'paper.pdf')
    const broken = new ReadableStream({
      start(controller) {
        controller.enqueue(bytes)
      },
      pull: () => Promise.reject(new Error('gone')),
    })
    const into = store.receivingFolder(place)
    await expect(receive(broken, into, limits)).rejects.toMatchObject({ code: 'invalid_input' })
    expect(readdirSync(into)).toEqual([])
    expect(await store.names(store.placeOf('library', 'u2'))).toEqual([])
  })

  test('names are those directly below, and only those', async () => {
    for (const name of ['one.pdf', 'ü.bib'])
      await store.write(store.placeOf('lists', 'a', name), bytes, 'A text')
    await store.write(store.placeOf('lists', 'ab', 'two.pdf'), bytes, 'A text')
    await store.write(store.placeOf('lists', 'a', 'in', 'three.pdf'), bytes, 'A text')
    expect((await store.names(store.placeOf('lists', 'a'))).filter((name) => name !== 'in').sort()).toEqual([
      'one.pdf',
      'ü.bib',
    ])
    expect(await store.names(store.placeOf('lists', 'nobody'))).toEqual([])
  })

  test.each([
    ['..'],
    ['.'],
    [''],
    ['../x'],
    ['a/../../x'],
    ['a\\..\\x'],
    ['a\0b'],
    ['a\nb'],
    ['\ud800'],
    ['x'.repeat(256)],
    ['ü'.repeat(200)],
  ])('%j is the name of no file, and no place made with it is used', async (name) => {
    expect(() => store.placeOf('library', name)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
    const place = `${store.placeOf('library')}/${name}`
    await expect((async () => store.read(place))()).rejects.toMatchObject({ code: 'invalid_input' })
    await expect((async () => store.write(place, bytes, 'A text'))()).rejects.toMatchObject({
      code: 'invalid_input',
    })
  })

  test('places of others are not its own', async () => {
    for (const place of [
      '/etc/passwd',
      's3://papers/a/c/x',
      's3://papers/a/b',
      's3://papers/a/bc',
      `${folder}x`,
    ]) {
      expect(store.holds(place)).toBe(false)
      await expect((async () => store.remove(place))()).rejects.toMatchObject({ code: 'invalid_input' })
    }
  })
})

/** A store over a server that answers as the test says. */
async function withServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  work: (store: ReturnType<typeof createS3Store>) => Promise<void>,
) {
  const server = createServer((request, response) =>
    request.resume().on('end', () => answer(request, response)),
  )
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const store = createS3Store({ ...bucket.place, endpoint })
  try {
    await work(store)
  } finally {
    await store.close()
    server.closeAllConnections()
    server.close()
  }
}

test('a file is sent with its hash, for the bucket to refuse what changed on its way, and then sent again', async () => {
  const path = join(folder, 'received')
  writeFileSync(path, bytes)
  const sha256 = createHash('sha256').update(bytes).digest()
  const sent: unknown[] = []
  const refusal = '<Error><Code>BadDigest</Code><Message>It changed.</Message></Error>'
  await withServer(
    ({ headers }, response) => {
      sent.push([headers['x-amz-checksum-sha256'], headers['content-length']])
      if (sent.length === 1) response.writeHead(400).end(refusal)
      else response.writeHead(200).end()
    },
    (store) =>
      store.take(store.placeOf('x.pdf'), { path, bytes: bytes.length, sha256: sha256.toString('hex') }),
  )
  const right = [sha256.toString('base64'), String(bytes.length)]
  expect(sent).toEqual([right, right])
})

test('bytes that are not what the bucket says their checksum is are not read', async () => {
  await withServer(
    (_, response) => response.writeHead(200, { 'x-amz-checksum-crc32': 'AAAAAA==' }).end(bytes),
    (store) =>
      expect(store.read(store.placeOf('x.pdf'))).rejects.toMatchObject({
        code: 'store_unavailable',
        retryable: true,
      }),
  )
})

test.each([
  [503, true],
  [429, true],
  [403, false],
])('an answer of %i may pass by itself: %s', async (status, retryable) => {
  let asked = 0
  await withServer(
    (_, response) => {
      asked += 1
      response.writeHead(status).end()
    },
    (store) =>
      expect(store.write(store.placeOf('x'), bytes, 'A text')).rejects.toMatchObject({
        code: 'store_unavailable',
        retryable,
        advice: expect.any(String),
      }),
  )
  expect(asked > 1).toBe(retryable)
})

test('a server that is away may come back', async () => {
  const store = createS3Store({ ...bucket.place, endpoint: 'http://127.0.0.1:9' })
  await expect(store.read(store.placeOf('x'))).rejects.toMatchObject({
    code: 'store_unavailable',
    retryable: true,
  })
  await store.close()
})

test('a bucket that is not there is no empty one', async () => {
  const store = createS3Store({ ...bucket.place, bucket: 'nobodys' })
  await expect(store.read(store.placeOf('x'))).rejects.toMatchObject({
    code: 'store_unavailable',
    retryable: false,
    message: expect.stringContaining('nobodys'),
  })
  await store.close()
})
