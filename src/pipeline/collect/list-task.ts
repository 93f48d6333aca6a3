import { SheafError } from '../../errors.ts'
import { labelOf, listedItems, storeListing } from '../../store/source-items.ts'
import { planOf, type TaskContext, type TaskKind } from '../task.ts'

/** Asks each source what it has. */
export const listTask: TaskKind = {
  name: 'list',
  phase: 'collect',
  queue: 'search',
  essential: true,
  next: 'fetch',

  items: async ({ sources }) => [...sources.keys()].map((name) => ({ key: name, label: name })),

  async run(context, name) {
    const items = await sourceNamed(context, name).list(planOf(context), context.signal)
    return (transaction) => storeListing(transaction, context.session.id, name, items)
  },

  async followers({ sql, session }, name) {
    const listed = await listedItems(sql, session.id)
    return listed
      .filter((item) => item.source === name)
      .map((item) => ({ key: item.key, label: labelOf(item) }))
  },
}

/** A source of the session by its name. @throws {SheafError} `not_found` when this deployment does not have it. */
export function sourceNamed({ sources }: Pick<TaskContext, 'sources'>, name: string) {
  const source = sources.get(name)
  if (source) return source
  throw new SheafError('not_found', `There is no source named “${name}” here.`, {
    advice: `Known are: ${[...sources.keys()].join(', ')}.`,
  })
}
