import { afterEach, describe, expect, it } from 'vitest'
import {
  type LoopbackAnswer,
  plainUpstream,
  type SeenRequest,
  startLoopback,
} from '../../test/support/loopback.ts'
import { recordSchema } from '../contract/paper.ts'
import type { Plan } from '../contract/plan.ts'
import type { LiveSourceOptions, SearchItem } from './live/search-source.ts'
import type { Source } from './source.ts'

/** A work as services are given it to tell of, each in its own format. */
export interface SampleWork {
  /** From 1, unique. */
  id: number
  title: string | null
  authors: string[]
  year: number | null
  abstract: string | null
  doi: string | null
  pdf: string | null
}

/** What a live source gives to be tested. */
export interface LiveSourceUnderTest {
  /** The service's name as people know it, which errors must name. */
  title: string
  create(options: LiveSourceOptions): Source<SearchItem>
  /** Answers one request as the service would that has these works in this order. */
  answer(request: SeenRequest, works: readonly SampleWork[]): LoopbackAnswer
  /** The service's identifier of a sample work. */
  reference(id: number): string
  /** Requests that 100 works take. */
  requestsForHundred: number
  /** Whether the service names years, DOIs and PDFs of its works. */
  knows: { pdf: boolean; doi: boolean }
}

const plan: Plan = {
  question: 'Does shade slow the growth of beeches?',
  researchQuestions: ['Does shade slow the growth of beeches?'],
  inclusion: [],
  exclusion: [],
  concepts: [
    { term: 'shade', synonyms: ['low light'] },
    { term: 'beech growth', synonyms: [] },
  ],
  since: 2001,
  until: 2024,
  sources: [],
}

const sound = (id: number): SampleWork => ({
  id,
  title: `Shade and beech growth, plot ${id}`,
  authors: ['Signe Møller', 'Jan van der Burg'],
  year: 2015,
  abstract: 'Beeches grow slowly in the shade. We measured how slowly.',
  doi: `10.1234/plot.${id}`,
  pdf: `https://repository.example.org/plot-${id}.pdf`,
})
const sounds = (count: number) => Array.from({ length: count }, (_, at) => sound(at + 1))

const hostile: SampleWork[] = [
  { ...sound(1), authors: Array.from({ length: 5_000 }, (_, at) => `Author Number${'abc'[at % 3]}`) },
  { ...sound(2), title: null },
  {
    ...sound(3),
    title: '<b>Shade</b> &lt;script&gt;alert(1)&lt;/script&gt; <script>alert(2)</script> and beech growth',
  },
  { ...sound(4), year: -44, doi: 'javascript:alert(1)', pdf: 'javascript:alert(1)' },
  { ...sound(5), title: 'Shade\u0007 and\u202e beech growth', abstract: 'x\u0001y '.repeat(20_000) },
  { ...sound(6), abstract: null, doi: null, pdf: 'file:///etc/passwd', authors: [] },
  {
    ...sound(7),
    pdf: 'https://user:secret@repository.example.org/7.pdf',
    authors: ['', ' ', '42', 'A'.repeat(5_000)],
  },
]

/** What holds of every live source, against a real server on this machine that speaks its service's language. */
export function describeLiveSource(name: string, under: LiveSourceUnderTest): void {
  describe(`${name} as a live source`, () => {
    const running: { close(): Promise<void> }[] = []
    afterEach(async () => {
      for (const server of running.splice(0)) await server.close()
    })

    async function over(answer: (request: SeenRequest) => LoopbackAnswer, limit = 100) {
      const server = await startLoopback(answer)
      running.push(server)
      const { endpoint, requests } = server
      const source = under.create({ upstream: plainUpstream(), endpoint, limit, email: 'reader@example.org' })
      const fetch = async (asked: Plan = plan) => source.fetch((await source.list(asked))[0]!)
      return { source, requests, fetch }
    }
    const holding = (works: readonly SampleWork[], limit?: number) =>
      over((request) => under.answer(request, works), limit)

    it('lists one item, which survives being stored, and asks nobody', async () => {
      const { source, requests } = await holding(sounds(3))
      const items = await source.list(plan)
      expect(items.map(({ reference }) => reference)).toEqual(['search'])
      expect(JSON.parse(JSON.stringify(items))).toEqual(items)
      expect(requests).toEqual([])
    })

    it('brings a hundred records in as few requests as the service allows, in its order', async () => {
      const { source, requests, fetch } = await holding(sounds(300))
      const records = await fetch()
      expect(records.map(({ reference }) => reference)).toEqual(
        sounds(100).map(({ id }) => under.reference(id)),
      )
      expect(requests).toHaveLength(under.requestsForHundred)
      for (const record of records) {
        expect(recordSchema.parse(record)).toEqual(record)
        expect(record.key).toBe(`${source.name}:${record.reference}`)
        expect(record.source).toBe(name)
      }
      expect(await fetch()).toEqual(records)
    })

    it('reads what each work is', async () => {
      const { fetch } = await holding(sounds(5))
      const [first] = await fetch()
      expect(first!.fields).toMatchObject({
        title: 'Shade and beech growth, plot 1',
        year: 2015,
        abstract: 'Beeches grow slowly in the shade. We measured how slowly.',
      })
      expect(first!.fields.authors[0]!.family).toBe('Møller')
      expect(first!.fields.authors[1]!.family).toBe('van der Burg')
      if (under.knows.doi) expect(first!.fields.doi).toBe('10.1234/plot.1')
      if (under.knows.pdf) expect(first!.locations?.some(({ isPdf }) => isPdf)).toBe(true)
      for (const name of Object.keys(first!.fields)) expect(first!.origins[name]).toBe('source')
    })

    it('pages only as far as needed, and never beyond what there is', async () => {
      const { fetch, requests } = await holding(sounds(12), 10)
      expect(await fetch()).toHaveLength(10)
      const taken = requests.length
      const { fetch: fetchAll, requests: all } = await holding(sounds(12), 2_500)
      expect(await fetchAll()).toHaveLength(12)
      expect(all.length).toBe(taken)
    })

    it('takes hostile works without harm', async () => {
      const { fetch } = await holding([...hostile, ...sounds(12).slice(7)])
      const records = await fetch()
      expect(records.length).toBeGreaterThanOrEqual(11)
      expect(records.map(({ reference }) => reference)).not.toContain(under.reference(2))
      for (const record of records) {
        expect(recordSchema.parse(record)).toEqual(record)
        expect(record.fields.title).not.toBe('')
        expect(record.fields.year ?? 2000).toBeGreaterThan(1500)
        expect(record.fields.authors.length).toBeLessThanOrEqual(3_000)
        expect(record.fields.abstract?.length ?? 0).toBeLessThanOrEqual(30_000)
        const all = JSON.stringify(record)
        expect(all).not.toMatch(/<script|javascript:|file:|secret|\\u00|\u202e/)
      }
    })

    it('finds nothing where there is nothing, after asking more broadly', async () => {
      const { fetch, requests } = await holding([])
      expect(await fetch()).toEqual([])
      const asked = new Set(requests.map(({ url, body }) => decodeURIComponent(`${url.search}${body}`)))
      expect([...asked].some((query) => query.includes('beech'))).toBe(true)
      expect([...asked].some((query) => query.includes('shade') && !query.includes('beech'))).toBe(true)
    })

    it('asks more broadly twice at most', async () => {
      const words = [
        'shade',
        'beech',
        'drought',
        'seedling',
        'canopy',
        'frost',
        'mycorrhiza',
        'litter',
        'humus',
      ]
      const { fetch, requests } = await holding([])
      await fetch({ ...plan, concepts: words.map((term) => ({ term, synonyms: [] })) })
      const counts = requests.map(
        ({ url, body }) => words.filter((word) => `${url.search}${body}`.includes(word)).length,
      )
      expect([...new Set(counts)]).toEqual([9, 6, 4])
    })

    it('names the query of what was found only by asking more broadly', async () => {
      const { fetch, source } = await over((request) =>
        under.answer(request, /beech/.test(`${request.url.search}${request.body}`) ? [sound(9)] : sounds(20)),
      )
      const records = await fetch()
      expect(records.map(({ reference }) => reference)).toEqual(
        [9, ...sounds(20).flatMap(({ id }) => (id === 9 ? [] : [id]))].map(under.reference),
      )
      expect(records[0]!.query).toBeUndefined()
      expect(records[1]!.query).toBe(source.query({ ...plan, concepts: [plan.concepts[0]!] }))
    })

    it('asks once when there is no room for more, however poor the results', async () => {
      const works = sounds(20).map((work) => ({ ...work, title: `Something else ${work.id}` }))
      const { fetch, requests } = await holding(works, 10)
      expect(await fetch()).toHaveLength(10)
      expect(requests).toHaveLength(under.requestsForHundred)
    })

    it('tells of refusals and of answers that are something else, by name', async () => {
      const refused = await over(() => ({ status: 403, body: '<html><body>No <b>way</b></body></html>' }))
      await expect(refused.fetch()).rejects.toMatchObject({
        code: 'source_failed',
        retryable: false,
        message: expect.stringContaining(under.title),
        advice: expect.stringMatching(/\S/),
      })
      for (const body of ['', '<html><body>Maintenance</body></html>', '{"surprise": [1', '[]', 'null']) {
        const strange = await over(() => ({ body }))
        await expect(strange.fetch(), body).rejects.toMatchObject({
          code: 'source_failed',
          retryable: true,
          message: expect.stringContaining(under.title),
        })
      }
    })

    it('says in words what it asks, and stops when it is aborted', async () => {
      const { source } = await holding(sounds(3))
      expect(source.query(plan)).toMatch(/shade.*beech/s)
      const [item] = await source.list(plan)
      await expect(source.list(plan, AbortSignal.abort())).rejects.toThrow()
      await expect(source.fetch(item!, AbortSignal.abort())).rejects.toThrow()
    })

    it('refuses a plan of which no word can be searched for', async () => {
      const { fetch, requests } = await holding(sounds(3))
      await expect(fetch({ ...plan, concepts: [{ term: '")(:*', synonyms: [] }] })).rejects.toMatchObject({
        code: 'invalid_input',
      })
      expect(requests).toEqual([])
    })
  })
}
