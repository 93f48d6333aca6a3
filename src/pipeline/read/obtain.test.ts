import { expect, test } from 'vitest'
import { describeEachStore } from '../../../test/support/each-store.ts'
import type { DocumentFailure } from '../../contract/document.ts'
import type { FullTextLocation, Paper } from '../../contract/paper.ts'
import { WaitingError } from '../../errors.ts'
import type { Download } from '../../sources/full-texts.ts'
import { storePapers } from '../../store/papers.ts'
import { storeDecisions } from '../../store/screening.ts'
import { getSession } from '../../store/sessions.ts'
import type { TaskContext } from '../task.ts'
import type { DocumentArchive } from './archive.ts'
import { obtain } from './obtain.ts'

type Given = 'pdf' | DocumentFailure['code'] | { leadsTo: string[] } | Error

const document = 'd'.repeat(64)
const places = (...urls: string[]): FullTextLocation[] => urls.map((url) => ({ url, isPdf: true }))
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000)

await describeEachStore('obtaining a full text', (store) => {
  /** Seeks one paper's full text; `web` says what each address gives, `found` what others know of. */
  async function seek(
    web: Record<string, Given>,
    { locations = Object.keys(web), found = [] }: { locations?: string[]; found?: string[] | Error } = {},
  ) {
    const { sql } = store.database
    const paper: Paper = {
      id: 'p1',
      fields: { title: 'T', authors: [] },
      provenance: {},
      records: ['arxiv:1'],
      mergedBecause: [],
      locations: places(...locations),
    }
    await storePapers(sql, 's1', [paper])
    const decision = { reason: 'relevant', score: 1, rationale: '', decidedBy: 'rule' } as const
    await storeDecisions(sql, 's1', [{ paperId: 'p1', tier: 'core', ...decision }])
    const asked: string[] = []
    const archive: Pick<DocumentArchive, 'readAddress'> = {
      readAddress: async (url) => {
        asked.push(url)
        const given = web[url] ?? 'unreachable'
        if (given instanceof Error) throw given
        if (given === 'pdf') return { ok: true, document: { id: document, pageCount: 2 } }
        if (typeof given === 'string') return failed(given)
        return { ...failed('not_a_full_text'), leadsTo: given.leadsTo }
      },
    }
    const find = async () => {
      if (found instanceof Error) throw found
      return places(...found)
    }
    const context = {
      sql,
      session: await getSession(sql, 's1'),
      settings: { allowed: {} },
      archive,
      fullTexts: { find },
      signal: new AbortController().signal,
    } as unknown as TaskContext
    return { asked, obtained: await obtain(context, paper) }
  }
  const failed = (code: DocumentFailure['code']): Extract<Download, { ok: false }> => ({
    ok: false,
    failure: { code, message: `${code}.` },
  })

  test('the first place that gives a readable PDF ends the search, and every one tried is noted', async () => {
    const { asked, obtained } = await seek({ a: 'refused_by_host', b: 'pdf', c: 'pdf' })
    expect(asked).toEqual(['a', 'b'])
    expect(obtained).toEqual({
      document,
      pageCount: 2,
      retrieval: [
        { url: 'a', outcome: 'refused_by_host.' },
        { url: 'b', outcome: 'retrieved' },
      ],
    })
  })

  test('a page leads to its PDF before the next place, and never round in circles', async () => {
    const web: Record<string, Given> = {
      page: { leadsTo: ['pdf-of-page'] },
      'pdf-of-page': 'pdf',
      other: 'pdf',
    }
    expect((await seek(web, { locations: ['page', 'other'] })).asked).toEqual(['page', 'pdf-of-page'])
    const circle: Record<string, Given> = { x: { leadsTo: ['y'] }, y: { leadsTo: ['x', 'y'] } }
    expect((await seek(circle, { locations: ['x'] })).asked).toEqual(['x', 'y'])
    const endless = Object.fromEntries(
      Array.from({ length: 99 }, (_, n) => [`n${n}`, { leadsTo: [`n${n + 1}`] }] satisfies [string, Given]),
    )
    expect((await seek(endless, { locations: ['n0'] })).asked.length).toBeLessThan(20)
  })

  test('others are asked where it may be only when the records’ places gave nothing', async () => {
    expect(
      (await seek({ a: 'unreachable', z: 'pdf' }, { locations: ['a'], found: ['a', 'z'] })).asked,
    ).toEqual(['a', 'z'])
    const away = new WaitingError('CORE', inMinutes(600), 'Its day is used up.')
    expect((await seek({ a: 'pdf' }, { found: away })).obtained.document).toBe(document)
    expect((await seek({ a: 'damaged' }, { found: away })).obtained.failure?.code).toBe('damaged')
  })

  test.each([
    [['unreachable', 'damaged', 'refused_by_host'], 'damaged'],
    [['unreachable', 'refused_by_host'], 'refused_by_host'],
    [['address_refused', 'not_a_full_text'], 'not_a_full_text'],
    [[], 'no_open_access'],
  ] as const)('of %j the reason given is %s', async (codes, reason) => {
    const { obtained } = await seek(Object.fromEntries(codes.map((code, at) => [`${at}`, code])))
    expect(obtained.failure?.code).toBe(reason)
  })

  test('a host that is busy is waited for; one that asks for hours is left out, and it says until when', async () => {
    const busy = new WaitingError('a.example', inMinutes(1), 'One request a second.')
    await expect(seek({ a: busy })).rejects.toBe(busy)
    const until = inMinutes(180)
    const { obtained } = await seek({ a: new WaitingError('a.example', until, 'It asks for three hours.') })
    expect(obtained.failure).toEqual({
      code: 'unreachable',
      message: `It asks for three hours. It can be asked again from ${until.toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
    })
  })
})
