import { sql } from 'kysely'
import type { Sql } from '../../../src/store/database.ts'
import { keepEmbeddings } from '../../../src/store/embeddings.ts'
import { storePapers } from '../../../src/store/papers.ts'
import { createSession } from '../../../src/store/sessions.ts'
import { storeShare } from '../../../src/store/shares.ts'
import { documentNamed } from '../../../test/support/search.ts'
import { together } from '../stage.ts'
import { lead, model, nameOf, passagesOfDocument, sessionsAtOnce, sessionsOfUser, vectorOf } from './fill.ts'

/** Papers of a session that were read; the rest of what it found is left out here. */
const readBySession = 25
/** Passages of a session's papers. */
export const passagesOfSession = readBySession * passagesOfDocument

/** Who asked the question of a session; each user sees ten sessions of their own and ten of the user before. */
export const ownerOfSession = (session: number) => `u${Math.floor(session / sessionsOfUser)}`

/**
 * Sessions `[first, last)` with the papers that they read, whose passages have vectors. A session's documents are stored together, since
 * storing is not what is measured.
 */
export async function fillSessions(db: Sql, first: number, last: number): Promise<void> {
  const numbers = Array.from({ length: last - first }, (_, place) => first + place)
  await together(numbers, sessionsAtOnce, async (session) => {
    const id = `r${session}`
    const documents = Array.from({ length: readBySession }, (_, place) =>
      documentNamed(`${session}-${place}`),
    )
    await createSession(db, { id, question: 'Why?', settings: {}, owner: ownerOfSession(session) })
    const next = ownerOfSession(session + sessionsOfUser)
    await storeShare(db, id, { user: next, scope: 'read' })
    if (session < 1000) await storeShare(db, id, { user: lead, scope: 'read' })
    await storePapers(
      db,
      id,
      documents.map((document, place) => ({
        id: `p${place.toString(16).padStart(12, '0')}`,
        fields: { title: `Paper ${place} of session ${session}`, authors: [{ family: 'Ada' }], year: 2020 },
        provenance: {},
        records: [`arxiv:${session}-${place}`],
        mergedBecause: [],
        document,
        pageCount: 1,
      })),
    )
    const vectors = Array.from(
      { length: passagesOfSession },
      (_, place) => session * passagesOfSession + place,
    )
    await keepEmbeddings(
      db,
      model,
      vectors.map((number) => ({ sha256: nameOf(number), vector: vectorOf(number, 0) })),
    )
    await storeDocuments(db, documents, vectors.map(nameOf))
  })
}

async function storeDocuments(db: Sql, documents: readonly string[], vectors: readonly string[]) {
  await sql`
    insert into sheaf.documents (id, byte_length, page_count, metadata, page_failures, passages)
    select id, 1, 1, '{}', '[]', ${passagesOfDocument} from unnest(${documents}::text[]) as row (id)`.execute(
    db,
  )
  await sql`
    insert into sheaf.pages (document, number, width, height, text, lines, boxes)
    select id, 1, 595, 842, repeat('words of a page ', 200), '[]', '' from unnest(${documents}::text[]) as row (id)`.execute(
    db,
  )
  await sql`
    insert into sheaf.passages (document, page, first, last, sha256)
    select (${documents}::text[])[1 + (place - 1) / ${passagesOfDocument}], 1, place * 5, place * 5 + 5, sha256
    from unnest(${vectors}::text[]) with ordinality as row (sha256, place)`.execute(db)
}
