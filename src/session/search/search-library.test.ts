import { describe, expect, test } from 'vitest'
import { describeEachStore } from '../../../test/support/each-store.ts'
import { documentNamed, storeReader, storeTexts, withoutModel } from '../../../test/support/search.ts'
import { searchQuerySchema } from '../../contract/api/search.ts'
import type { Caller } from '../../contract/caller.ts'
import { storeShare } from '../../store/shares.ts'
import { storeUpload } from '../../store/uploads.ts'
import { searchLibrary } from './search-library.ts'

const ada: Caller = { user: 'ada', scope: 'write' }
const bob: Caller = { user: 'bob', scope: 'read' }
const admin: Caller = { user: 'root', scope: 'admin' }

await describeEachStore('searching', (store) => {
  const search = (caller: Caller, query: Record<string, unknown>) =>
    searchLibrary(withoutModel(store.database.sql), caller, searchQuerySchema.parse(query))
  const found = async (caller: Caller, query: Record<string, unknown>) =>
    (await search(caller, query)).items.map(({ document }) => document)
  const id = documentNamed

  describe('by the words', () => {
    test('finds forms of a word, phrases, and what lacks a word, and shows where', async () => {
      const { sql } = store.database
      await storeTexts(sql, 'quotes', [
        'Nothing here.',
        'Then quotations were\nmatched “exactly” <b>twice</b>.',
      ])
      await storeTexts(sql, 'music', ['Matching tunes. A quotation of Bach.'])
      await storeReader(sql, 'a1', 'ada', ['quotes', 'music'])
      expect(await found(ada, { q: 'quotation match' })).toEqual([id('quotes'), id('music')])
      expect(await found(ada, { q: '"quotations were matched"' })).toEqual([id('quotes')])
      expect(await found(ada, { q: 'quotation -tunes' })).toEqual([id('quotes')])
      const { items, method } = await search(ada, { q: 'quotation -tunes' })
      expect(method).toBe('text')
      expect(items).toEqual([
        {
          document: id('quotes'),
          title: 'quotes by ada',
          authors: [{ family: 'Ada' }],
          year: 2020,
          page: 2,
          pages: 1,
          snippet: { text: 'Then quotations were matched “exactly” <b>twice</b>.', marks: [[5, 15]] },
          score: expect.any(Number),
          sessions: ['a1'],
        },
      ])
    })

    test('signs that PostgreSQL would take for tags and paths hide no word', async () => {
      await storeTexts(store.database.sql, 'signs', [
        'If a<b then stress and c>d. <script>Hay</script> case/control 10.1/x9',
      ])
      for (const q of ['stress', 'hay', 'control', 'case/control', '10.1/x9', '<script>'])
        expect([q, await found(admin, { q })]).toEqual([q, [id('signs')]])
    })

    test('whatever is asked is taken as words', async () => {
      const { sql } = store.database
      await storeTexts(sql, 'own', ['A sheet.'])
      for (const q of [
        'the of',
        '!!!',
        '"',
        "'; drop table sheaf.pages; --",
        'b & | ! <-> (',
        '\\',
        '-',
        'or or',
      ])
        for (const mode of ['text', 'meaning']) expect([q, await found(admin, { q, mode })]).toEqual([q, []])
      expect(searchQuerySchema.safeParse({ q: ' ' }).success).toBe(false)
    })

    test('a page that is all different words can be stored, and is found by its beginning', async () => {
      const hostile = `needle ${Array.from({ length: 90_000 }, (_, index) => `w${index.toString(36)}`).join(' ')}`
      await storeTexts(store.database.sql, 'hostile', [`${hostile}\u0000`])
      expect(await found(admin, { q: 'needle' })).toEqual([id('hostile')])
      expect(await found(admin, { q: 'needle\u0000' })).toEqual([id('hostile')])
    })

    test('pages go on where the one before ended, without gap or repeat', async () => {
      const names = Array.from({ length: 7 }, (_, index) => `d${index}`)
      // Three of them score the same.
      for (const [index, name] of names.entries())
        await storeTexts(store.database.sql, name, [`needle ${'straw '.repeat(Math.min(index, 4))}`])
      const all = await found(admin, { q: 'needle' })
      expect(new Set(all)).toEqual(new Set(names.map(id)))
      for (const mode of ['text', 'meaning']) {
        const paged: string[] = []
        let after: string | undefined
        do {
          const answer = await search(admin, { q: 'needle', mode, limit: 2, ...(after && { after }) })
          paged.push(...answer.items.map(({ document }) => document))
          after = answer.next
        } while (after)
        expect(paged).toEqual(await found(admin, { q: 'needle', mode }))
        expect(paged).toHaveLength(7)
      }
      await expect(search(admin, { q: 'needle', after: 'd3' })).rejects.toMatchObject({
        code: 'invalid_input',
      })
    })
  })

  test('by meaning, passages are found that say the like in other words', async () => {
    const { sql } = store.database
    const heart =
      'Cardiac arrest is treated with defibrillation. Defibrillation restores rhythm in cardiac patients.'
    await storeTexts(sql, 'asked', ['Introduction.', `${heart} ${heart}`])
    await storeTexts(sql, 'alike', [
      'Defibrillation by bystanders restores rhythm before an ambulance comes.',
    ])
    await storeTexts(sql, 'other', ['Glaciers retreat in summer and grow in winter.'])
    const { items, method } = await search(admin, { q: 'treatment of cardiac arrest', mode: 'meaning' })
    expect(method).toBe('words')
    expect(items.map(({ document }) => document)).toEqual([id('asked'), id('alike')])
    expect(items[0]).toMatchObject({ page: 2, pages: 1, title: 'Embedded asked' })
    expect(items[0]!.snippet.text).toContain('Cardiac arrest is treated')
  })

  describe.each(['text', 'meaning'])('nobody learns of others’ papers (%s)', (mode) => {
    const answers = async (caller: Caller) =>
      JSON.stringify(await search(caller, { q: 'secret needle', mode }))

    test('not by hits, titles, counts, sessions or scores', async () => {
      const { sql } = store.database
      await storeTexts(sql, 'own', ['A secret needle.', 'Straw.'])
      await storeReader(sql, 'a1', 'ada', ['own'])
      const before = await answers(ada)
      await storeTexts(sql, 'hidden', ['A secret needle of Bob, with secret needles.', 'secret'])
      await storeReader(sql, 'b1', 'bob', ['hidden', 'own'])
      expect(await answers(ada)).toBe(before)
      expect((await search(ada, { q: 'secret', mode })).items).toMatchObject([
        { document: id('own'), title: 'own by ada', sessions: ['a1'] },
      ])
      expect(await found(bob, { q: 'secret', mode })).toHaveLength(2)
      expect(await found({ user: 'eve', scope: 'write' }, { q: 'secret', mode })).toEqual([])
      const everything = await search(admin, { q: 'secret', mode })
      expect(everything.items.find(({ document }) => document === id('own'))!.sessions).toEqual(['b1', 'a1'])
    })

    test('but of what is shared with them, and of their own uploads', async () => {
      const { sql } = store.database
      await storeTexts(sql, 'shared', ['needle'])
      await storeTexts(sql, 'uploaded', ['needle'])
      await storeReader(sql, 'b1', 'bob', ['shared'])
      expect(await found(ada, { q: 'needle', mode })).toEqual([])
      await storeUpload(sql, 'ada', { name: 'u.pdf', bytes: 1, sha256: id('uploaded') })
      expect((await search(ada, { q: 'needle', mode })).items).toMatchObject([
        { document: id('uploaded'), title: 'Embedded uploaded', authors: [], sessions: [] },
      ])
      await storeShare(sql, 'b1', { user: 'ada', scope: 'read' })
      expect(new Set(await found(ada, { q: 'needle', mode }))).toEqual(
        new Set([id('shared'), id('uploaded')]),
      )
    })
  })
})
