import type { Page } from '../../src/contract/document.ts'
import type { Paper } from '../../src/contract/paper.ts'
import type { Queues } from '../../src/queue/queues.ts'
import type { searchLibrary } from '../../src/session/search/search-library.ts'
import type { Sql } from '../../src/store/database.ts'
import { storeDocument } from '../../src/store/documents.ts'
import { storePapers } from '../../src/store/papers.ts'
import { createSession } from '../../src/store/sessions.ts'
import { createExactIndex } from '../../src/vectors/exact/exact-index.ts'
import { digits } from './papers.ts'

/** Identifier of a document that is made up. */
export const documentNamed = (name: string) => digits(name).padEnd(64, '0')

/** A page with nothing but its text. */
const bare = (text: string, index: number): Page => ({
  number: index + 1,
  width: 595,
  height: 842,
  text,
  lines: [],
  boxes: new Uint8Array(text.length * 8),
})

/** Stores a document of these pages, as a review would have read it. */
export async function storeTexts(sql: Sql, name: string, texts: readonly string[]): Promise<string> {
  const id = documentNamed(name)
  const metadata = { title: `Embedded ${name}` }
  await storeDocument(sql, { id, byteLength: 1, pages: texts.map(bare), metadata, pageFailures: [] })
  return id
}

/** Makes a session of a user that has read documents; each is a paper titled as its document is named. */
export async function storeReader(
  sql: Sql,
  session: string,
  owner: string,
  documents: readonly string[],
): Promise<void> {
  await createSession(sql, { id: session, question: 'Why?', settings: {}, owner })
  await storePapers(
    sql,
    session,
    documents.map(
      (name): Paper => ({
        id: `p${digits(name)}`,
        fields: { title: `${name} by ${owner}`, authors: [{ family: 'Ada' }], year: 2020 },
        provenance: {},
        records: [`library:${name}.pdf`],
        mergedBecause: [],
        document: documentNamed(name),
        pageCount: 1,
      }),
    ),
  )
}

/** What searching works with where the settings name no model: it asks for no job. */
export function withoutModel(sql: Sql): Parameters<typeof searchLibrary>[0] {
  const queues = { add: () => Promise.reject(new Error('A job was asked for.')) } as unknown as Queues
  return { sql, queues, embedder: undefined, vectors: createExactIndex(sql) }
}
