import { eventsAfter } from '../../store/events.ts'
import { costOf } from '../../store/model-costs.ts'
import type { TaskContext } from '../task.ts'

/** Who judged in a review. */
export interface Judges {
  /** Language models whose answers were used, as `provider/model`, in code-point order. */
  models: string[]
  /** Tasks that were judged without a model because none could be asked. */
  fallbacks: number
}

/** The most events of a session that are looked through. */
const mostEvents = 1_000_000

/** Reads from the ledger and the events who judged. */
export async function judgesOf({ sql, session }: Pick<TaskContext, 'sql' | 'session'>): Promise<Judges> {
  const { lines } = await costOf(sql, session.id)
  const used = lines.filter(({ calls, asking, failed, kept }) => calls - asking - failed + kept > 0)
  const events = await eventsAfter(sql, session.id, 0, mostEvents)
  return {
    models: [...new Set(used.map(({ model }) => model))].sort(),
    fallbacks: events.filter(({ body }) => body.type === 'analyst.fallback').length,
  }
}

/** As the report names them: `extractive`, or the models, and the extractive analyst where it judged beside them. */
export function judgesInWords(
  { models, fallbacks }: Judges,
  settled: 'extractive' | 'model' | 'auto',
): string {
  if (models.length === 0) return 'extractive'
  const beside = fallbacks > 0 || settled === 'extractive' ? ['extractive'] : []
  return [...models, ...beside].join(', ')
}
