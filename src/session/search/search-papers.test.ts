import { expect, test } from 'vitest'
import { describeEachStore } from '../../../test/support/each-store.ts'
import { digits } from '../../../test/support/papers.ts'
import { paperSearchQuerySchema } from '../../contract/api/search.ts'
import type { Caller } from '../../contract/caller.ts'
import type { Paper } from '../../contract/paper.ts'
import { storePapers } from '../../store/papers.ts'
import { createSession } from '../../store/sessions.ts'
import { storeShare } from '../../store/shares.ts'
import { searchPapers } from './search-papers.ts'

const ada: Caller = { user: 'ada', scope: 'read' }
const bob: Caller = { user: 'bob', scope: 'read' }
const admin: Caller = { user: 'root', scope: 'admin' }

const paper = (title: string, abstract?: string): Paper => ({
  id: `p${digits(title)}`,
  fields: { title, authors: [{ family: 'Frisch' }], year: 1967, ...(abstract !== undefined && { abstract }) },
  provenance: {},
  records: [`arxiv:${title}`],
  mergedBecause: [],
})

await describeEachStore('searching titles and abstracts', (store) => {
  const search = (caller: Caller, query: Record<string, unknown>) =>
    searchPapers({ sql: store.database.sql }, caller, paperSearchQuerySchema.parse(query))
  const found = async (caller: Caller, q: string) =>
    (await search(caller, { q })).items.map(({ title }) => title)
  const session = async (id: string, owner: string, papers: readonly Paper[]) => {
    const { sql } = store.database
    await createSession(sql, { id, question: 'Why?', settings: {}, owner })
    await storePapers(sql, id, papers)
  }

  test('finds papers that nobody has read, those with the words in their titles first', async () => {
    await session('a1', 'ada', [
      paper('On hives', 'Bees dance to tell where food is.'),
      paper('Dancing bees', 'They tell where food is.'),
      paper('Ants'),
    ])
    expect(await found(ada, 'bees dancing')).toEqual(['Dancing bees', 'On hives'])
    expect(await found(ada, 'bees -hives')).toEqual(['Dancing bees'])
    expect(await found(ada, '"where food is"')).toHaveLength(2)
    expect((await search(ada, { q: 'ant' })).items).toEqual([
      {
        paper: `p${digits('Ants')}`,
        title: 'Ants',
        authors: [{ family: 'Frisch' }],
        year: 1967,
        snippet: { text: 'Ants', marks: [[0, 4]] },
        score: expect.any(Number),
        sessions: ['a1'],
      },
    ])
  })

  test('finds only what the caller’s sessions found, and a paper of several sessions once', async () => {
    await session('a1', 'ada', [paper('Bees'), paper('Bees of Ada')])
    await session('b1', 'bob', [paper('Bees'), paper('Bees of Bob')])
    expect(await found(ada, 'bees')).toEqual(['Bees', 'Bees of Ada'])
    expect((await search(ada, { q: 'bees' })).items[0]!.sessions).toEqual(['a1'])
    const seen = (await search(admin, { q: 'bees' })).items.map(({ title, sessions }) => [title, ...sessions])
    expect(seen).toHaveLength(3)
    expect(seen).toEqual(
      expect.arrayContaining([
        ['Bees', 'b1', 'a1'],
        ['Bees of Ada', 'a1'],
        ['Bees of Bob', 'b1'],
      ]),
    )
    await storeShare(store.database.sql, 'a1', { user: 'bob', scope: 'read' })
    expect(new Set(await found(bob, 'bees'))).toEqual(new Set(['Bees', 'Bees of Ada', 'Bees of Bob']))
    expect(await found({ user: 'eve', scope: 'write' }, 'bees')).toEqual([])
  })

  test('one who sees more sessions than the index is asked for finds the same', async () => {
    for (let number = 0; number < 51; number++)
      await createSession(store.database.sql, {
        id: `e${number}`,
        question: 'Why?',
        settings: {},
        owner: 'ada',
      })
    await session('a1', 'ada', [paper('Bees')])
    await session('b1', 'bob', [paper('Bees of Bob')])
    expect(await found(ada, 'bees')).toEqual(['Bees'])
  })

  test('goes on where a page ended, and takes nothing else for a place', async () => {
    await session(
      'a1',
      'ada',
      ['Bees here', 'Bees there', 'Bees all over the place'].map((title) => paper(title)),
    )
    const all = await found(ada, 'bees')
    const pages: string[] = []
    for (let after: string | undefined; ; ) {
      const page = await search(ada, { q: 'bees', limit: 1, ...(after !== undefined && { after }) })
      pages.push(...page.items.map(({ title }) => title))
      after = page.next
      if (after === undefined) break
    }
    expect(pages).toEqual(all)
    await expect(search(ada, { q: 'bees', after: 'x' })).rejects.toThrow(/no place/)
    for (const q of ['the', '-bees', '#a1', "'\\ & | !"]) expect([q, await found(ada, q)]).toEqual([q, []])
  })
})
