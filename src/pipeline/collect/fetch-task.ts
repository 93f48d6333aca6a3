import { SheafError } from '../../errors.ts'
import { recordsOf, storeRecords } from '../../store/papers.ts'
import { labelOf, listedItem, listedItems } from '../../store/source-items.ts'
import { leftOutBecause, waitsTooLong } from '../long-waits.ts'
import type { TaskKind } from '../task.ts'
import { sourceNamed } from './list-task.ts'

/** Fetches the records of one item of a source: one file of a folder, one page of results. */
export const fetchTask: TaskKind = {
  name: 'fetch',
  phase: 'collect',
  queue: 'documents',
  essential: false,

  async items({ sql, session }) {
    const listed = await listedItems(sql, session.id)
    return listed.map((item) => ({ key: item.key, label: labelOf(item) }))
  },

  async run(context, key) {
    const { sql, session, signal } = context
    const item = await listedItem(sql, session.id, key)
    const records = await sourceNamed(context, item.source)
      .fetch(item.value, signal)
      .catch((thrown: unknown) => {
        if (!waitsTooLong(thrown)) throw thrown
        throw new SheafError('source_failed', leftOutBecause(thrown), { cause: thrown })
      })
    return async (transaction) => {
      await storeRecords(transaction, session.id, records)
    }
  },

  async counts({ sql, session }) {
    const records = await recordsOf(sql, session.id)
    return { records: records.length, unreadable: records.filter((record) => record.failure).length }
  },
}
