import { beforeEach, expect, test } from 'vitest'
import { type ModelLab, startModelLab } from '../../../lab/models/model-lab.ts'
import { describeEachStore } from '../../../test/support/each-store.ts'
import { documentNamed, storeReader, storeTexts } from '../../../test/support/search.ts'
import { searchQuerySchema } from '../../contract/api/search.ts'
import type { Caller } from '../../contract/caller.ts'
import { createLimits } from '../../limits/database-limits.ts'
import { createEmbedder } from '../../models/create-embedder.ts'
import type { Queues } from '../../queue/queues.ts'
import { createExactIndex } from '../../vectors/exact/exact-index.ts'
import { indexPassages } from './index-passages.ts'
import { searchLibrary } from './search-library.ts'

const admin: Caller = { user: 'root', scope: 'admin' }
const ada: Caller = { user: 'ada', scope: 'read' }
const none = new AbortController().signal
const id = documentNamed

await describeEachStore('searching by vectors', (store) => {
  let jobs: string[]
  let deployment: Parameters<typeof searchLibrary>[0]
  let lab: ModelLab
  beforeEach(async () => {
    lab = await startModelLab()
    const { sql } = store.database
    const provider = {
      provider: 'openai',
      model: 'text-embedding-3-small',
      baseUrl: lab.baseUrls.openai,
      apiKey: 'lab',
    } as const
    jobs = []
    deployment = {
      sql,
      queues: {
        add: async (_: unknown, __: unknown, name: string) => void jobs.push(name),
      } as unknown as Queues,
      embedder: createEmbedder({ sql, limits: createLimits(sql), provider }),
      vectors: createExactIndex(sql),
    }
    return async () => {
      expect([lab.violations(), lab.calls().paidTwice]).toEqual([[], 0])
      await lab.close()
    }
  })
  const search = (caller: Caller, q: string, more: object = {}) =>
    searchLibrary(deployment, caller, searchQuerySchema.parse({ q, mode: 'meaning', ...more }))

  test('what has no vector is asked for, and words rank until then', async () => {
    const { sql } = store.database
    await storeTexts(sql, 'hearts', ['Preface.', `${'Cardiac arrest and defibrillation. '.repeat(60)}`])
    await storeTexts(sql, 'ice', ['Glaciers retreat in summer.'])
    const before = await search(admin, 'defibrillation')
    expect(before).toMatchObject({ method: 'words', indexed: { passages: 0, of: 0, documentsToCome: 2 } })
    expect(before.items).toHaveLength(1)
    expect(jobs).toHaveLength(1)
    await indexPassages(deployment, none)
    const after = await search(admin, 'cardiac defibrillation')
    expect(after).toMatchObject({ method: 'embeddings', indexed: { passages: 4, of: 4, documentsToCome: 0 } })
    expect(after.items[0]).toMatchObject({ document: id('hearts'), page: 2 })
    expect(after.items[0]!.score).toBeGreaterThan(0.8)
    expect(after.items[0]!.snippet.text).toMatch(/^Cardiac arrest/)
    expect(jobs).toHaveLength(1)
  })

  test('what is read later is found too, and the same words are not paid for again', async () => {
    const { sql } = store.database
    await storeTexts(sql, 'one', ['Bees dance.'])
    await indexPassages(deployment, none)
    expect((await search(admin, 'bees')).items).toHaveLength(1)
    const { byTask } = lab.calls()
    await storeTexts(sql, 'two', ['Bees\ndance.'])
    await storeTexts(sql, 'three', ['Bees sleep.'])
    await indexPassages(deployment, none)
    expect((await search(admin, 'bees')).items.map(({ document }) => document)).toEqual(
      expect.arrayContaining([id('one'), id('two'), id('three')]),
    )
    expect(lab.calls().byTask['openai embed']).toBe(byTask['openai embed']! + 1)
  })

  test('nobody learns of others’ papers, and pages go on without gap or repeat', async () => {
    const { sql } = store.database
    const names = Array.from({ length: 5 }, (_, index) => `d${index}`)
    for (const name of names) await storeTexts(sql, name, [`Needle ${name}.`])
    await storeReader(sql, 'a1', 'ada', names.slice(0, 3))
    await indexPassages(deployment, none)
    const paged: string[] = []
    let after: string | undefined
    do {
      const answer = await search(ada, 'needle', { limit: 2, ...(after && { after }) })
      expect(answer).toMatchObject({
        method: 'embeddings',
        indexed: { passages: 3, of: 3, documentsToCome: 0 },
      })
      paged.push(...answer.items.map(({ document }) => document))
      after = answer.next
    } while (after)
    expect(paged.toSorted()).toEqual(names.slice(0, 3).map(id).toSorted())
    expect((await search({ user: 'eve', scope: 'write' }, 'needle')).items).toEqual([])
  })

  test('words rank while the model is away', async () => {
    await storeTexts(store.database.sql, 'one', ['Bees dance.'])
    await indexPassages(deployment, none)
    lab.setFaults({ down: true })
    const { method, items, indexed } = await search(admin, 'dancing bees')
    expect([method, items.length, indexed?.passages]).toEqual(['words', 1, 1])
  })
})
