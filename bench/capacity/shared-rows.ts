import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { collection } from '../performance/collection.ts'
import { fetching } from '../performance/fetching.ts'
import { million } from '../performance/million/million.ts'
import { streams } from '../performance/streams.ts'
import { tokens } from '../performance/tokens.ts'
import { benchReader } from '../reader.ts'
import type { CapacityScenario } from './scenarios.ts'

/** The bundled papers. */
const notes = join(import.meta.dirname, '../../docs/notes/pdf')

/** How many PDFs of a folder are read a minute that are there already, by as many threads as there are cores. */
const reading: CapacityScenario = async ({ folder = notes }) => {
  const { rates, documents, pages } = await benchReader(folder)
  const rate = rates.find(({ engine, workers }) => engine === 'sheaf' && workers === availableParallelism())!
  return {
    figures: [
      { name: 'PDFs', value: documents, unit: '' },
      { name: 'pages', value: pages, unit: '' },
      { name: 'pages a second', value: rate.pagesPerSecond, unit: '' },
      { name: 'PDFs a minute', value: rate.documentsPerMinute, unit: '', atLeast: 1_000 },
    ],
  }
}

/** Rows of the table that no review is needed for; all but `reading` are scenarios of `bench:performance` as well. */
export const sharedRows: Readonly<Record<string, CapacityScenario>> = {
  collection: async () => ({ figures: await collection() }),
  reading,
  fetching: async () => ({ figures: await fetching() }),
  tokens: async () => ({ figures: await tokens() }),
  streams: async () => ({ figures: await streams() }),
  million: async () => ({ figures: await million({}) }),
}
