import { expect, test } from 'vitest'
import { SheafError, WaitingError } from '../../errors.ts'
import type { Upstream, UpstreamRequest, UpstreamResponse } from '../../upstream/upstream.ts'
import { createFullTexts } from './full-texts.ts'

const url = 'https://papers.example/1.pdf'
const pdf = Buffer.from('%PDF-1.7\n…')

/** Full texts over an upstream that answers, or throws, the same to each request. */
function over(answer: Partial<UpstreamResponse> | Error, failed: string[] = []) {
  const asked: UpstreamRequest[] = []
  const upstream: Upstream = {
    async request(request) {
      asked.push(request)
      if (answer instanceof Error) throw answer
      return { status: 200, headers: {}, body: pdf, url: request.url, cached: false, ...answer }
    },
  }
  return {
    asked,
    fullTexts: createFullTexts({
      upstream,
      finders: [],
      measure: { downloadFailed: (host) => void failed.push(host) },
    }),
  }
}

test('a PDF is had, also after bytes that do not belong to it', async () => {
  const { asked, fullTexts } = over({ body: Buffer.concat([Buffer.from('\u{feff}\n'), pdf]) })
  expect(await fullTexts.download(url)).toMatchObject({ ok: true })
  expect(asked[0]?.service).toMatchObject({ name: 'host:papers.example', guarded: true, connections: 2 })
})

test('a PDF of arXiv is fetched where arXiv wants programs to fetch it, as fast as it says', async () => {
  const { asked, fullTexts } = over({})
  for (const address of ['https://arxiv.org/pdf/1706.03762v5', 'http://www.arxiv.org/pdf/hep-th/9901001'])
    expect(await fullTexts.download(address)).toMatchObject({ ok: true })
  expect(await fullTexts.download('https://arxiv.org/abs/1706.03762')).toMatchObject({ ok: true })
  expect(asked.map(({ url: address }) => address)).toEqual([
    'https://export.arxiv.org/pdf/1706.03762v5',
    'http://export.arxiv.org/pdf/hep-th/9901001',
    'https://arxiv.org/abs/1706.03762',
  ])
  expect(asked[0]!.service).toMatchObject({
    name: 'host:export.arxiv.org',
    limits: [{ max: 4, window: 2_000 }],
    connections: 4,
  })
  expect(asked[2]!.service).toMatchObject({ name: 'host:arxiv.org', limits: [{ max: 1, window: 1_000 }] })
})

test.each([
  ['which does not have it yet', { status: 404 }, undefined, ['export.arxiv.org', 'arxiv.org']],
  ['which refuses', { status: 403 }, undefined, ['export.arxiv.org']],
  [
    'which may not be visited',
    { status: 404 },
    (address: string) => new URL(address).host === 'arxiv.org',
    ['arxiv.org'],
  ],
])(
  'a PDF of arXiv is asked for again where people fetch it only where it is not at the host for programs: one %s',
  async (_, answer, mayVisit, hosts) => {
    const { asked, fullTexts } = over(answer)
    await fullTexts.download('https://arxiv.org/pdf/1706.03762', mayVisit && { mayVisit })
    expect(asked.map(({ url: address }) => new URL(address).host)).toEqual(hosts)
  },
)

test.each([
  [
    { status: 200, body: Buffer.from('<html>'), headers: { 'content-type': 'text/html; x=y' } },
    'not_a_full_text',
    /gave text\/html instead of a PDF/,
  ],
  [{ status: 200, body: Buffer.concat([Buffer.alloc(1024), pdf]) }, 'not_a_full_text', /instead of a PDF/],
  [{ status: 403 }, 'refused_by_host', /does not give it to programs/],
  [{ status: 402 }, 'refused_by_host', /402/],
  [{ status: 404 }, 'unreachable', /does not have it any more/],
  [new SheafError('upstream_failed', 'papers.example did not answer.'), 'unreachable', /did not answer/],
  [new SheafError('address_refused', '10.0.0.1 is private.'), 'address_refused', /private/],
])('what is no full text says why: %j', async (answer, code, message) => {
  expect(await over(answer).fullTexts.download(url)).toMatchObject({
    ok: false,
    failure: { code, message: expect.stringMatching(message) },
  })
})

test('a page about the paper leads to the PDFs that it names', async () => {
  const page = (link: string) => ({
    body: Buffer.from(
      `<html><head><meta name="citation_title" content="T"><meta name="citation_pdf_url" content="${link}">`,
    ),
    headers: { 'content-type': 'text/html' },
  })
  const leadsTo = async (link: string) => {
    const download = await over(page(link)).fullTexts.download(url)
    return download.ok ? undefined : download.leadsTo
  }
  expect(await leadsTo('/files/1.pdf')).toEqual(['https://papers.example/files/1.pdf'])
  expect(await leadsTo(url)).toEqual([])
  expect(await leadsTo('javascript:alert(1)')).toEqual([])
})

test('a redirect leads to a host with limits of its own, if it may be visited', async () => {
  const to = new URL('http://elsewhere.example:8080/1.pdf')
  const refusing: Upstream = {
    async request({ serviceAt }) {
      expect(serviceAt?.(to)).toMatchObject({ name: 'host:elsewhere.example:8080', guarded: true })
      throw new SheafError('upstream_failed', 'It failed.')
    },
  }
  const { download } = createFullTexts({ upstream: refusing, finders: [] })
  const mayVisit = (address: string) => address === to.href
  expect(await download(url, { mayVisit })).toMatchObject({ failure: { code: 'unreachable' } })
  const following: Upstream = {
    async request({ serviceAt }) {
      serviceAt?.(to)
      return { status: 403, headers: {}, body: pdf, url: to.href, cached: false }
    },
  }
  const other = createFullTexts({ upstream: following, finders: [] })
  expect(await other.download(url, { mayVisit: () => false })).toMatchObject({
    failure: {
      code: 'not_approved',
      message: 'papers.example leads to elsewhere.example:8080, which is not on the allowed list.',
    },
  })
  expect(await other.download(url)).toMatchObject({
    failure: { message: 'elsewhere.example:8080 does not give it to programs (HTTP 403).' },
  })
})

test('an address that is none is refused without asking anybody', async () => {
  const { asked, fullTexts } = over({})
  expect(await fullTexts.download('no address')).toMatchObject({ failure: { code: 'address_refused' } })
  expect(asked).toEqual([])
})

test('a host that did not give it is measured, where it led to; what Sheaf refused itself is not', async () => {
  const failed: string[] = []
  const away = new SheafError('upstream_failed', 'papers.example did not answer.')
  const refused = new SheafError('address_refused', '10.0.0.1 is private.')
  for (const answer of [{ status: 403, url: 'https://cdn.example:8443/1.pdf' }, away, refused, {}])
    await over(answer, failed).fullTexts.download(url)
  expect(failed).toEqual(['cdn.example', 'papers.example'])
})

test('waiting and stopping are no outcomes', async () => {
  for (const thrown of [
    new WaitingError('papers.example', new Date(), 'busy'),
    new SheafError('cancelled', 'stopped'),
  ])
    await expect(over(thrown).fullTexts.download(url)).rejects.toBe(thrown)
})

test('a service that knows of places and fails is left out; one that must wait is waited for', async () => {
  const knowing = (found: Error | string) => ({
    name: 'x',
    find: async () => {
      if (found instanceof Error) throw found
      return [{ url: found, isPdf: true }]
    },
  })
  const find = (...found: (Error | string)[]) =>
    createFullTexts({ upstream: { request: () => Promise.reject() }, finders: found.map(knowing) }).find({
      title: 't',
      authors: [],
    })
  const failed = new SheafError('source_failed', 'away')
  expect((await find(failed, url)).map((place) => place.url)).toEqual([url])
  await expect(find(new WaitingError('x', new Date(), 'busy'), url)).rejects.toMatchObject({
    code: 'waiting',
  })
  await expect(find(new TypeError('a fault of ours'))).rejects.toThrow('a fault of ours')
})
