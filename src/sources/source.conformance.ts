import { describe, expect, it } from 'vitest'
import { recordSchema } from '../contract/paper.ts'
import type { Plan } from '../contract/plan.ts'
import type { Source, SourceItem } from './source.ts'

/** What a source adapter gives to be tested: how to make one that has something to offer, and the plan to ask it with. */
export interface SourceUnderTest<Item extends SourceItem> {
  /** Makes a source over the same data each time; it must list at least two items, one of them unusable. */
  create(): Promise<Source<Item>>
  plan: Plan
}

/**
 * What holds of every source, as a suite that an adapter runs with its own data:
 * `describeSource('library', { create, plan })`.
 */
export function describeSource<Item extends SourceItem>(
  name: string,
  { create, plan }: SourceUnderTest<Item>,
): void {
  describe(`${name} as a source`, () => {
    it('lists items with unique references in a fixed order, as often as it is asked', async () => {
      const source = await create()
      const first = await source.list(plan)
      const again = await source.list(plan)
      const elsewhere = await (await create()).list(plan)
      expect(first.length).toBeGreaterThanOrEqual(2)
      expect(new Set(first.map(({ reference }) => reference)).size).toBe(first.length)
      expect(again).toEqual(first)
      expect(elsewhere).toEqual(first)
    })

    it('gives items that survive being stored', async () => {
      const items = await (await create()).list(plan)
      expect(JSON.parse(JSON.stringify(items))).toEqual(items)
    })

    it('fetches valid records with unique keys that begin with its name', async () => {
      const source = await create()
      const keys: string[] = []
      for (const item of await source.list(plan)) {
        for (const record of await source.fetch(item)) {
          expect(recordSchema.parse(record)).toEqual(record)
          expect(record.source).toBe(source.name)
          expect(record.key).toBe(`${source.name}:${record.reference}`)
          expect(record.fields.title).not.toBe('')
          keys.push(record.key)
        }
      }
      expect(new Set(keys).size).toBe(keys.length)
    })

    it('fetches the same records again, also in another process', async () => {
      const source = await create()
      const other = await create()
      for (const item of await source.list(plan)) {
        const records = await source.fetch(item)
        expect(await source.fetch(item)).toEqual(records)
        expect(await other.fetch(JSON.parse(JSON.stringify(item)))).toEqual(records)
      }
    })

    it('tells of an item that cannot be had by a record with a failure, not by an exception', async () => {
      const source = await create()
      const records = []
      for (const item of await source.list(plan)) records.push(...(await source.fetch(item)))
      const failures = records.flatMap(({ failure }) => (failure ? [failure] : []))
      expect(failures.length).toBeGreaterThan(0)
      for (const { message } of failures) expect(message).toMatch(/\S.*[.!]$/s)
    })

    it('stops when it is aborted', async () => {
      const source = await create()
      const [item] = await source.list(plan)
      await expect(source.list(plan, AbortSignal.abort())).rejects.toThrow()
      await expect(source.fetch(item!, AbortSignal.abort())).rejects.toThrow()
    })

    it('says in words what it will be asked', async () => {
      const query = (await create()).query(plan)
      expect(query).not.toBe('')
      expect((await create()).query(plan)).toBe(query)
    })
  })
}
