import type { Corpus } from '../../../lab/corpus/corpus.ts'
import { createCorpus } from '../../../lab/corpus/corpus.ts'
import { randomOf } from '../../../lab/corpus/random.ts'
import { quantise } from '../../../src/models/quantise.ts'
import type { Sql } from '../../../src/store/database.ts'
import { storeDocument } from '../../../src/store/documents.ts'
import { keepEmbeddings } from '../../../src/store/embeddings.ts'
import { storePapers } from '../../../src/store/papers.ts'
import { storePassages } from '../../../src/store/passages.ts'
import { storeDecisions } from '../../../src/store/screening.ts'
import { createSession } from '../../../src/store/sessions.ts'
import { storeShare } from '../../../src/store/shares.ts'
import { beginTask, finishTask } from '../../../src/store/tasks.ts'
import { documentNamed } from '../../../test/support/search.ts'
import { together } from '../stage.ts'
import { paperAt } from './papers.ts'

/** What a session found, and how many sessions work at once. */
export const papersOfSession = 250
export const sessionsAtOnce = 4
/** A user has so many sessions, and sees as many of the next one's. */
export const sessionsOfUser = 10
/** One paper in so many was read; what was read has this many passages. */
const readShare = 10
export const passagesOfDocument = 10
const pageLength = 3_000

/** Components of a vector, as small embedding models give them. */
export const components = 384
/** Vectors lie around so many centres, as those of papers do around subjects. */
const centres = 2_000
export const model = 'bench/vectors'
/** Of whoever sees a thousand sessions. */
export const lead = 'lead'

export const ownerOf = (session: number, sessions: number) =>
  `u${session % Math.max(1, Math.floor(sessions / sessionsOfUser))}`

/** The corpus that papers are made of. */
export const corpusOf = (papers: number): Corpus => createCorpus({ seed: 11, papers })

/** Sessions with their papers and decisions, each session's in one transaction, as merging and screening write them. */
export async function fillPapers(
  sql: Sql,
  papers: number,
  onSession: (stored: number) => void,
): Promise<void> {
  const corpus = corpusOf(papers)
  const sessions = Math.ceil(papers / papersOfSession)
  let stored = 0
  await together(
    Array.from({ length: sessions }, (_, index) => index).values(),
    sessionsAtOnce,
    async (session) => {
      const id = `m${session}`
      await createSession(sql, { id, question: 'Why?', settings: {}, owner: ownerOf(session, sessions) })
      await storeShare(sql, id, { user: ownerOf(session + 1, sessions), scope: 'read' })
      if (session < 1000) await storeShare(sql, id, { user: lead, scope: 'read' })
      const first = session * papersOfSession
      const some = Array.from(
        { length: Math.min(papersOfSession, papers - first) },
        (_, place) => first + place,
      )
      await beginTask(sql, { session: id, key: 'merge', phase: 'merge' })
      await finishTask(sql, id, 'merge', async (trx) => {
        await storePapers(
          trx,
          id,
          some.map((index) =>
            paperAt(corpus, index, index % readShare === 0 ? documentNamed(`${index}`) : undefined),
          ),
        )
        await storeDecisions(
          trx,
          id,
          some.map((index) => ({
            paperId: `p${index.toString(16).padStart(12, '0')}`,
            tier: index % readShare === 0 ? 'core' : 'background',
            reason: 'relevant',
            score: 0.5,
            rationale: 'Names both the subject and the outcome that were asked for.',
            decidedBy: 'extractive',
          })),
        )
      })
      stored += some.length
      onSession(stored)
    },
  )
}

/** Documents of those papers that were read, cut into passages with a vector each; one passage for each paper of the store. */
export async function fillVectors(
  sql: Sql,
  papers: number,
  onDocument: (stored: number) => void,
): Promise<void> {
  const documents = Math.floor(papers / readShare)
  let stored = 0
  await together(
    Array.from({ length: documents }, (_, index) => index * readShare).values(),
    sessionsAtOnce,
    async (index) => {
      const id = documentNamed(`${index}`)
      await storeDocument(sql, {
        id,
        byteLength: 1,
        pages: [
          {
            number: 1,
            width: 595,
            height: 842,
            text: 'x '.repeat(pageLength / 100),
            lines: [],
            boxes: new Uint8Array(),
          },
        ],
        metadata: {},
        pageFailures: [],
      })
      const numbers = Array.from({ length: passagesOfDocument }, (_, place) => index + place)
      const named = numbers.map((number) => ({ sha256: nameOf(number), vector: vectorOf(number, 0) }))
      await keepEmbeddings(sql, model, named)
      await storePassages(
        sql,
        id,
        named.map(({ sha256 }, place) => ({ page: 1, start: place * 5, end: place * 5 + 5, sha256 })),
      )
      stored += 1
      onDocument(stored)
    },
  )
}

export const nameOf = (number: number) => number.toString(16).padStart(64, '0')

const centreOf = new Map<number, Float32Array>()

/**
 * A vector near one of the centres. With another `variant` it is moved once more, as far as a question is from a passage that
 * answers it.
 */
export function vectorOf(number: number, variant: number): Int8Array {
  const random = randomOf(17, number)
  const centre = centreAt(Math.floor(random.next() * centres))
  const own = Array.from(centre, (value) => value + 0.8 * gauss(random.next))
  if (variant === 0) return quantise(own)
  const other = randomOf(19, number, variant)
  return quantise(own.map((value) => value + 0.5 * gauss(other.next)))
}

function centreAt(number: number): Float32Array {
  const known = centreOf.get(number)
  if (known) return known
  const random = randomOf(23, number)
  const made = Float32Array.from({ length: components }, () => gauss(random.next))
  centreOf.set(number, made)
  return made
}

/** Nearly normal: the sum of four uniform numbers, scaled to a variance of 1. */
function gauss(next: () => number): number {
  return (next() + next() + next() + next() - 2) * Math.sqrt(3)
}
