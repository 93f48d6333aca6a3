import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import { bibliographicFieldsSchema } from '../contract/paper.ts'
import type { Sql } from './database.ts'
import { storableText } from './text.ts'
import { sessionsOf, type Viewer } from './viewers.ts'

/** A place in an answer: what was last shown. */
export interface SearchPlace {
  readonly score: number
  readonly document: string
}

/** A page that was found, as the best of its document. */
export interface FoundPage extends SearchPlace {
  readonly page: number
  /** How many pages of the document match. */
  readonly pages: number
}

/** Documents that a user may see: those their sessions read, and those they put in themselves. */
const documentsOf = (user: string) => sql`
  select document from sheaf.papers where document is not null and session = any(array${sessionsOf(user)})
  union select sha256 from sheaf.uploads where user_id = ${user}`

/** A condition on a column that names a document; the statement needs {@link withVisible}. */
const isVisible = (viewer: Viewer, column: RawBuilder<unknown>) =>
  viewer === 'everything' ? sql`true` : sql`${column} in (select document from visible)`

const withVisible = (viewer: Viewer) =>
  viewer === 'everything'
    ? sql`visible (document) as (select null::text where false)`
    : sql`visible (document) as materialized (${documentsOf(viewer.visibleTo)})`

/**
 * Documents whose pages hold the words, each with its best page, best first (cover density: Clarke, Cormack and Tudhope
 * 2000, "Relevance ranking for one to three term queries"; divided by the logarithm of the page's length).
 */
export async function pagesWithWords(
  db: Sql,
  words: string,
  viewer: Viewer,
  { after, limit }: { after?: SearchPlace | undefined; limit: number },
): Promise<FoundPage[]> {
  const { rows } = await sql<FoundPage>`
    with ${withVisible(viewer)},
    asked as (select websearch_to_tsquery('pg_catalog.english', translate(${storableText(words)}, '<>/', '   ')) as query),
    matching as (
      select document, number, ts_rank_cd(search, query, 1)::float8 as score
      from sheaf.pages, asked where search @@ query and ${isVisible(viewer, sql`document`)}
    ),
    best as (
      select distinct on (document) document, number as page, score, (count(*) over (partition by document))::int as pages
      from matching order by document, score desc, number
    )
    select * from best ${beyond(after)} order by score desc, document limit ${limit}`.execute(db)
  return rows
}

/** Documents that a viewer may see; undefined where that is all. */
export async function visibleDocuments(db: Sql, viewer: Viewer): Promise<ReadonlySet<string> | undefined> {
  if (viewer === 'everything') return undefined
  const { rows } = await sql<{ document: string }>`${documentsOf(viewer.visibleTo)}`.execute(db)
  return new Set(rows.map(({ document }) => document))
}

/**
 * How many passages of the documents that a viewer may see have a vector, of how many, and how many documents with pages
 * were not cut into passages yet.
 */
export async function vectorCoverage(
  db: Sql,
  model: string,
  viewer: Viewer,
): Promise<{ passages: number; of: number; documentsToCome: number }> {
  // Each document says how many passages it has, so that only those with a vector have to be counted one by one.
  const { rows } = await sql<{ passages: number; of: number; documentsToCome: number }>`
    with ${withVisible(viewer)}
    select
      (select count(*)::int from sheaf.passages join sheaf.embeddings using (sha256)
        where model = ${model} and ${isVisible(viewer, sql`document`)}) as passages,
      coalesce(sum(passages), 0)::int as of,
      (count(*) filter (where passages is null and page_count > 0))::int as "documentsToCome"
    from sheaf.documents where ${isVisible(viewer, sql`documents.id`)}`.execute(db)
  return rows[0]!
}

const beyond = (after: SearchPlace | undefined) =>
  after === undefined
    ? sql``
    : sql`where score < ${after.score}::float8 or (score = ${after.score}::float8 and document > ${after.document})`

/**
 * Pages that hold any of some stems, those first whose stems weigh most: each by its weight and its rarity on the pages
 * that may be seen (the weight of Robertson and Spärck Jones, as in `methods/ranking/bm25.ts`). Frequency within a page
 * is left to who ranks its passages; so the index alone is read.
 */
export async function pagesWithStems(
  db: Sql,
  stems: ReadonlyMap<string, number>,
  viewer: Viewer,
  limit: number,
): Promise<{ document: string; page: number }[]> {
  const { rows } = await sql<{ document: string; page: number }>`
    with ${withVisible(viewer)},
    asked as (
      select weight, to_tsquery('pg_catalog.simple', quote_literal(stem)) as query
      from unnest(${[...stems.keys()].map(storableText)}::text[], ${[...stems.values()]}::float8[]) as row (stem, weight)
    ),
    found as (
      select query, weight, document, number, (count(*) over (partition by query))::float8 as having_it
      from asked join sheaf.pages on search @@ query and ${isVisible(viewer, sql`document`)}
    ),
    seen as (
      select coalesce(sum(page_count), 0)::float8 as pages
      from sheaf.documents where ${isVisible(viewer, sql`documents.id`)}
    )
    select document, number as page from found, seen
    group by document, number
    order by sum(weight * ln(1 + greatest(0, pages - having_it + 0.5::float8) / (having_it + 0.5::float8))) desc, document, number
    limit ${limit}`.execute(db)
  return rows
}

/** Texts of pages, in the order asked for. */
export async function textsOfPages(
  db: Sql,
  places: readonly { document: string; page: number }[],
): Promise<string[]> {
  const { rows } = await sql<{ text: string }>`
    select coalesce(text, '') as text
    from unnest(${places.map(({ document }) => document)}::text[], ${places.map(({ page }) => page)}::int[])
      with ordinality as asked (document, page, place)
    left join sheaf.pages on pages.document = asked.document collate "C" and pages.number = asked.page
    order by place`.execute(db)
  return rows.map(({ text }) => text)
}

const describedSchema = z.object({
  document: z.string(),
  /** Of the newest session's paper; absent where no session that may be seen has read it. */
  fields: bibliographicFieldsSchema.pick({ title: true, authors: true, year: true }).optional(),
  embeddedTitle: z.string().optional(),
  /** Newest first. */
  sessions: z.array(z.string()),
})
export type DescribedDocument = z.infer<typeof describedSchema>

/** What a viewer may know of documents: by id. */
export async function describeDocuments(
  db: Sql,
  documents: readonly string[],
  viewer: Viewer,
  mostSessions: number,
): Promise<Map<string, DescribedDocument>> {
  const visible = viewer === 'everything' ? sql`true` : sql`session in ${sessionsOf(viewer.visibleTo)}`
  const { rows } = await sql<{
    document: string
    embeddedTitle: string | null
    papers: { session: string; fields: unknown }[]
  }>`
    select documents.id as document, metadata ->> 'title' as "embeddedTitle", papers
    from sheaf.documents cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object('session', session, 'fields', fields) order by session desc), '[]') as papers
      from (
        select session, (array_agg(value -> 'fields' order by id))[1] as fields
        from sheaf.papers where document = documents.id and ${visible}
        group by session order by session desc limit ${mostSessions}
      ) as newest
    ) as found
    where documents.id = any(${[...documents]}::text[])`.execute(db)
  return new Map(
    rows.map(({ document, embeddedTitle, papers }) => [
      document,
      describedSchema.parse({
        document,
        ...(embeddedTitle && { embeddedTitle }),
        ...(papers[0] && { fields: papers[0].fields }),
        sessions: papers.map(({ session }) => session),
      }),
    ]),
  )
}
