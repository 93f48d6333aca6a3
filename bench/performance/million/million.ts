import { sql } from 'kysely'
import { openDatabase } from '../../../src/store/database.ts'
import { createExactIndex } from '../../../src/vectors/exact/exact-index.ts'
import { databaseKinds } from '../../../test/support/databases.ts'
import type { Figure, ScenarioOptions } from '../figure.ts'
import { secondsOf } from '../stage.ts'
import { corpusOf, fillPapers, fillVectors } from './fill.ts'
import { searchVectors, searchWords, takeIn } from './searches.ts'

/**
 * Stores a million papers in Postgres as merging and screening do, a tenth of them as read, with ten passages and their vectors
 * each, and searches both by one client and by eight.
 */
export async function million({ papers = 1_000_000 }: ScenarioOptions): Promise<Figure[]> {
  const { service, create } = (await databaseKinds()).find(({ kind }) => kind === 'postgres')!
  if (service === undefined) return []
  const data = await create()
  const database = await openDatabase(data.config)
  const vectors = createExactIndex(database.sql)
  try {
    const figures: Figure[] = []
    const memory = followMemory(papers)
    const filling = await secondsOf(() => fillPapers(database.sql, papers, memory.at))
    figures.push(
      { name: 'papers stored', value: papers, unit: 'papers' },
      {
        name: 'papers stored per hour',
        value: Math.round((papers / filling) * 3600),
        unit: 'papers',
        atLeast: 1_000_000,
      },
      ...memory.figures(),
    )
    const settling = await secondsOf(() => sql`vacuum analyze sheaf.papers`.execute(database.sql))
    figures.push({ name: 'vacuum and analyze of the papers', value: settling, unit: 's' })
    report(figures)
    figures.push(...(await searchWords(database.sql, corpusOf(papers), papers)))
    report(figures)

    const embedding = await secondsOf(() => fillVectors(database.sql, papers, () => undefined))
    figures.push({ name: 'storing passages with vectors', value: embedding, unit: 's' })
    await sql`vacuum analyze sheaf.passages, sheaf.embeddings, sheaf.documents, sheaf.papers`.execute(
      database.sql,
    )
    const before = residentMiB()
    const taking = await secondsOf(() => takeIn(vectors))
    figures.push(
      { name: 'taking the vectors into memory', value: taking, unit: 's' },
      { name: 'memory for the vectors', value: residentMiB() - before, unit: 'MiB' },
    )
    report(figures)
    figures.push(...(await searchVectors(database.sql, vectors, papers)))
    const size = await sql<{ size: number }>`
      select pg_database_size(current_database())::float8 / 1048576 as size`.execute(database.sql)
    figures.push({ name: 'size of the database', value: size.rows[0]!.size, unit: 'MiB' })
    return figures
  } finally {
    await vectors.close()
    await database.close()
    await data.remove()
  }
}

/** Progress on the error output: the whole takes half an hour. */
function report(figures: readonly Figure[]): void {
  const last = figures.at(-1)!
  console.error(`    … ${last.name}: ${last.value.toFixed(1)} ${last.unit}`)
}

function followMemory(papers: number) {
  const places = [0.02, 0.5, 1]
  const seen: Figure[] = []
  return {
    at(stored: number) {
      if (stored < papers * (places[0] ?? Infinity)) return
      const place = places.shift()!
      seen.push({ name: `memory after ${place * 100} % of the papers`, value: residentMiB(), unit: 'MiB' })
    },
    figures: () => seen,
  }
}

const residentMiB = () => process.memoryUsage().rss / 2 ** 20
