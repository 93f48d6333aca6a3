import type { Corpus } from '../../../lab/corpus/corpus.ts'
import { searchQuerySchema } from '../../../src/contract/api/search.ts'
import type { Caller } from '../../../src/contract/caller.ts'
import type { Embedder } from '../../../src/models/embedder.ts'
import type { Queues } from '../../../src/queue/queues.ts'
import { searchLibrary } from '../../../src/session/search/search-library.ts'
import { searchPapers } from '../../../src/session/search/search-papers.ts'
import type { Sql } from '../../../src/store/database.ts'
import type { VectorIndex } from '../../../src/vectors/vector-index.ts'
import type { Figure } from '../figure.ts'
import { secondsOf, together } from '../stage.ts'
import { lead, model, ownerOf, papersOfSession, vectorOf } from './fill.ts'
import { wordAt } from './papers.ts'

const questions = 200
const clients = 8
/** Milliseconds within which 95 of 100 searches of one client are to be answered. */
const bound = 50

/** Who asks the search of a number. */
type Callers = Record<string, (index: number) => Caller>

/** Who searches: one user, one who sees a thousand sessions, and an administrator. */
function callersOf(papers: number): Callers {
  const sessions = Math.ceil(papers / papersOfSession)
  return {
    'a user': (index) => ({ user: ownerOf(index * 37, sessions), scope: 'read' }),
    'a lead': () => ({ user: lead, scope: 'read' }),
    'an administrator': () => ({ user: 'root', scope: 'admin' }),
  }
}

/** Words of titles and abstracts: those of a subject, of a subject and an outcome, and with a rare word. */
export async function searchWords(sql: Sql, corpus: Corpus, papers: number): Promise<Figure[]> {
  const asked = (index: number) => {
    const { subject, outcome } = corpus.paper((index * 7919) % papers).matter
    return [subject, `${subject} ${outcome}`, `${subject} ${wordAt(500 + index * 11)}`][index % 3]!
  }
  return measure('words', callersOf(papers), async (caller, index) => {
    const { items } = await searchPapers({ sql }, caller, { q: asked(index), limit: 20 })
    return items.length
  })
}

/** By meaning, as the API does it, with a model that gives the vector of a question at once; each passage has one of `passages` numbers. */
export async function searchVectors(
  sql: Sql,
  vectors: VectorIndex,
  passages: number,
  callers = callersOf(passages),
): Promise<Figure[]> {
  const embedder: Embedder = {
    model,
    nameOf: (text) => text,
    embed: async (texts) => texts.map(({ text }) => vectorOf(Number(text), 1)),
  }
  const queues = { add: async () => undefined } as unknown as Queues
  const deployment = { sql, queues, embedder, vectors }
  return measure('vectors', callers, async (caller, index) => {
    const query = searchQuerySchema.parse({ q: String((index * 7919) % passages), mode: 'meaning' })
    return (await searchLibrary(deployment, caller, query)).items.length
  })
}

/** Waits until an index has every vector: a question waits only a moment for what is new, so it is asked until it need not. */
export async function takeIn(vectors: VectorIndex): Promise<void> {
  const question = { model, question: vectorOf(0, 1), documents: undefined, limit: 20 }
  while ((await secondsOf(() => vectors.nearest(question))) > 1.9);
}

async function measure(
  what: string,
  callers: Callers,
  search: (caller: Caller, index: number) => Promise<number>,
): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const [who, callerAt] of Object.entries(callers)) {
    for (let index = 0; index < 20; index++) await search(callerAt(index), index)
    for (const atOnce of [1, clients]) {
      const times: number[] = []
      let found = 0
      await together(
        Array.from({ length: questions }, (_, index) => index + 20),
        atOnce,
        async (index) => {
          let items = 0
          times.push(
            (await secondsOf(async () => {
              items = await search(callerAt(index), index)
            })) * 1000,
          )
          found += items
        },
      )
      const name = `${what}, ${who}, ${atOnce} ${atOnce === 1 ? 'client' : 'clients'}`
      const of = (share: number) => percentile(times, share)
      figures.push(
        { name: `${name}: median`, value: of(0.5), unit: 'ms' },
        {
          name: `${name}: 95th percentile`,
          value: of(0.95),
          unit: 'ms',
          ...(atOnce === 1 && who !== 'a lead' && { atMost: bound }),
        },
        { name: `${name}: 99th percentile`, value: of(0.99), unit: 'ms' },
        { name: `${name}: found`, value: found / questions, unit: 'items' },
      )
    }
  }
  return figures
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.ceil(share * sorted.length) - 1]!
}
