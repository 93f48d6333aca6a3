import { type Asking, ask, isNoAnswer, type QuestionKind } from './asking.ts'
import { inParallel } from './in-parallel.ts'
import type { MaterialLine } from './material.ts'

/** A question whose answer has one entry for each of several items. */
interface EachKind<Answer, Entry, Item> extends QuestionKind<Answer> {
  /** Items asked about at once. */
  batchSize: number
  entriesOf(answer: Answer): readonly Entry[]
  /** Whether an entry makes sense for its item. */
  isUsable(entry: Entry, item: Item): boolean
}

/**
 * Asks for one entry for each item, in batches side by side, and once more, in smaller batches, for those without a usable
 * one. The result has the items that got one; what it lacks, the caller must handle.
 *
 * `shared` comes before the items in each question, and a batch holds items that follow each other: where items are only
 * added at the end, all questions but the last stay what they were, and their answers are kept.
 * @throws what the gateway throws; a batch without any answer counts as missing, unless there is none at all
 */
export async function askAboutEach<Answer, Entry extends { id: string }, Item extends { id: string }>(
  asking: Asking,
  kind: EachKind<Answer, Entry, Item>,
  shared: readonly MaterialLine[],
  items: readonly Item[],
  lineOf: (item: Item) => MaterialLine,
): Promise<Map<string, Entry>> {
  const found = new Map<string, Entry>()
  const failures: unknown[] = []
  const asked = new Set<string>()
  for (const size of [kind.batchSize, Math.ceil(kind.batchSize / 3)]) {
    const missing = items.filter(({ id }) => !found.has(id))
    const answered = await inParallel(batches(missing, size), async (batch) => {
      // Other words are a question of their own, which another review may have asked first.
      const words = JSON.stringify(batch.map(({ id }) => id))
      const attempt = asked.has(words) ? 1 : 0
      asked.add(words)
      try {
        const answer = await ask(asking, kind, [...shared, ...batch.map(lineOf)], attempt)
        return usableEntries(kind, answer, batch)
      } catch (thrown) {
        if (!isNoAnswer(thrown)) throw thrown
        failures.push(thrown)
        return { usable: [], unknown: 0 }
      }
    })
    for (const { usable } of answered) for (const entry of usable) found.set(entry.id, entry)
    const unknown = answered.reduce((sum, batch) => sum + batch.unknown, 0)
    const without = items.length - found.size
    if (unknown > 0 || without > 0) asking.onUnusable({ task: kind.prompt.task, unknown, missing: without })
    if (without === 0) return found
  }
  if (found.size === 0 && failures.length > 0) throw failures[0]
  return found
}

/** The first usable entry of each item of the batch, and how many entries are of none or come again. */
function usableEntries<Answer, Entry extends { id: string }, Item extends { id: string }>(
  kind: EachKind<Answer, Entry, Item>,
  answer: Answer,
  batch: readonly Item[],
): { usable: Entry[]; unknown: number } {
  const open = new Map(batch.map((item) => [item.id, item]))
  const usable: Entry[] = []
  let unknown = 0
  for (const entry of kind.entriesOf(answer)) {
    const item = open.get(entry.id)
    if (item === undefined) unknown++
    else if (kind.isUsable(entry, item)) {
      open.delete(entry.id)
      usable.push(entry)
    }
  }
  return { usable, unknown }
}

function batches<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
