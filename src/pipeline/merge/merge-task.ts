import type { TaskFailure } from '../../contract/report.ts'
import { SheafError } from '../../errors.ts'
import { findDuplicates } from '../../methods/duplicates/duplicates.ts'
import { paperOf } from '../../methods/duplicates/merge.ts'
import { withYearSuffixes } from '../../methods/references/short-reference.ts'
import { papersOf, recordsOf, storePapers } from '../../store/papers.ts'
import { taskFailures } from '../../store/tasks.ts'
import { type TaskKind, whole } from '../task.ts'

/** A review of nothing would look like a result; what to do depends on why there is nothing. */
function nothingFound(failures: readonly TaskFailure[]): string {
  const failed = failures.filter(({ phase }) => phase === 'collect')
  if (failed.length > 0)
    return `No papers could be collected. ${failed.map(({ item, message }) => `${item}: ${message}`).join(' ')}`
  return 'No papers were found. Ask with other words, or see what is searched for with --review plan.'
}

/** Merges the records of one work into one paper. */
export const mergeTask: TaskKind = {
  name: 'merge',
  phase: 'merge',
  queue: 'synthesis',
  essential: true,

  items: async () => [...whole],

  async run({ sql, session }) {
    const records = await recordsOf(sql, session.id)
    if (records.length === 0)
      throw new SheafError('not_found', nothingFound(await taskFailures(sql, session.id)))
    const byKey = new Map(records.map((record) => [record.key, record]))
    const papers = findDuplicates(records).groups.map(({ keys, because }) =>
      paperOf(
        keys.map((key) => byKey.get(key)!),
        because,
      ),
    )
    const named = withYearSuffixes(papers)
    return async (transaction) => {
      await storePapers(transaction, session.id, named)
    }
  },

  async counts({ sql, session }) {
    const papers = await papersOf(sql, session.id)
    const merged = papers.reduce((sum, paper) => sum + paper.records.length - 1, 0)
    return { papers: papers.length, 'duplicates merged': merged }
  },
}
