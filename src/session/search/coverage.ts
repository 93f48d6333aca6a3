import type { SearchAnswer } from '../../contract/api/search.ts'
import type { Sql } from '../../store/database.ts'
import { vectorCoverage } from '../../store/search.ts'
import type { Viewer } from '../../store/viewers.ts'

type Coverage = NonNullable<SearchAnswer['indexed']>

/** From so many passages on, to count them takes longer than to search them. */
const manyPassages = 2_000
/** Milliseconds after which many are counted anew, beside the search that finds the count old. */
const countEvery = 30_000

interface Count {
  readonly at: number
  readonly counted: Coverage
  again?: Promise<unknown>
}
const counts = new WeakMap<Sql, Map<string, Count>>()

/** How much of what a viewer may see has a vector; of many passages as of half a minute ago. */
export async function coverageOf(sql: Sql, model: string, viewer: Viewer): Promise<Coverage> {
  const own = counts.get(sql) ?? new Map<string, Count>()
  counts.set(sql, own)
  const key = JSON.stringify([model, viewer])
  const count = async () => {
    const counted = await vectorCoverage(sql, model, viewer)
    if (counted.of >= manyPassages) own.set(key, { at: Date.now(), counted })
    else own.delete(key)
    return counted
  }
  const known = own.get(key)
  if (known === undefined) return count()
  if (Date.now() - known.at > countEvery)
    // A database that fails here fails the search itself, too.
    known.again ??= count().catch(() => own.delete(key))
  return known.counted
}
