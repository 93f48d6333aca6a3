import type { Paper } from '../../contract/paper.ts'
import { SheafError } from '../../errors.ts'
import { findPapers, recordsOf, storeRecords } from '../../store/papers.ts'
import { coreScores } from '../../store/screening.ts'
import { leftOutBecause, waitsTooLong } from '../long-waits.ts'
import type { TaskContext, TaskItem, TaskKind } from '../task.ts'

/** Core papers whose citations are followed, the best ones; and how many works are taken for each and direction. */
const seedCount = 10
const worksPerSeed = 50

/** Follows the references of a core paper, or the works that cite it, at one source that knows them. */
export const chaseTask: TaskKind = {
  name: 'chase',
  phase: 'chase',
  queue: 'search',
  essential: false,

  async items(context) {
    const { settings, sources } = context
    const knowing = [...sources].flatMap(([name, source]) => (source.chase ? [name] : []))
    const seeds = await seedsOf(context)
    return seeds.flatMap((seed) =>
      settings.chase.flatMap((direction) =>
        knowing.map(
          (source): TaskItem => ({
            key: [seed.id, direction, source].join(' '),
            label: `${direction === 'backward' ? 'References of' : 'Works citing'} ${seed.fields.title}`,
          }),
        ),
      ),
    )
  },

  async run({ sql, session, sources, signal }, item) {
    const [paperId = '', direction, name = ''] = item.split(' ')
    const [paper] = await findPapers(sql, session.id, [paperId])
    const source = sources.get(name)
    if (!paper || !source?.chase || (direction !== 'backward' && direction !== 'forward'))
      throw new SheafError('internal', `Nothing can be followed from ${item}.`)
    const records = await source
      .chase(paper.fields, direction, worksPerSeed, signal)
      .catch((thrown: unknown) => {
        if (!waitsTooLong(thrown)) throw thrown
        throw new SheafError('source_failed', leftOutBecause(thrown), { cause: thrown })
      })
    return async (transaction) => {
      await storeRecords(transaction, session.id, records)
    }
  },
}

/** The best core papers that were searched for; those found by chasing are not chased themselves. */
async function seedsOf({ sql, session }: TaskContext): Promise<Paper[]> {
  const scores = await coreScores(sql, session.id)
  const chased = new Set(
    (await recordsOf(sql, session.id)).filter(({ foundBy }) => foundBy).map(({ key }) => key),
  )
  const core = await findPapers(sql, session.id, [...scores.keys()])
  return core
    .filter(({ records }) => !records.every((key) => chased.has(key)))
    .sort((one, other) => scores.get(other.id)! - scores.get(one.id)! || (one.id < other.id ? -1 : 1))
    .slice(0, seedCount)
}
