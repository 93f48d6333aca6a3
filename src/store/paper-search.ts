import { sql } from 'kysely'
import { z } from 'zod'
import { bibliographicFieldsSchema } from '../contract/paper.ts'
import type { Sql } from './database.ts'
import { storableText } from './text.ts'
import { type Viewer, visibleSessions } from './viewers.ts'

/** Of the papers that hold the words, so many are ranked: to rank a tenth of a million takes seconds. */
export const rankedPapers = 1_000
/** Of so many sessions at most the index of words is asked; with more, each is one more list to merge, and what it found is sieved. */
const sessionsInIndex = 50

/** A place in an answer: what was last shown. */
export interface PaperPlace {
  readonly score: number
  readonly paper: string
}

const foundPaperSchema = z.object({
  paper: z.string(),
  score: z.number(),
  /** As the newest of its sessions has it. */
  fields: bibliographicFieldsSchema.pick({ title: true, authors: true, year: true, abstract: true }),
  document: z.string().nullable(),
  /** In which it was found, newest first. */
  sessions: z.array(z.string()),
})

/** A paper that was found, which several sessions may have. */
export type FoundPaper = z.infer<typeof foundPaperSchema>

/**
 * Papers whose title or abstract holds the words, best first: by cover density, as pages are (`search.ts`), a word of the title
 * two and a half times one of the abstract. Of many that match, {@link rankedPapers} are ranked.
 */
export async function papersWithWords(
  db: Sql,
  words: string,
  viewer: Viewer,
  { after, limit, mostSessions }: { after?: PaperPlace | undefined; limit: number; mostSessions: number },
): Promise<FoundPaper[]> {
  const sessions = await visibleSessions(db, viewer)
  if (sessions?.length === 0) return []
  // Written out where it is used rather than joined: only a constant tells the planner how many rows will match.
  const asked = sql`websearch_to_tsquery('pg_catalog.english', translate(${storableText(words)}, '<>/', '   '))`
  const { rows } = await sql<Record<string, unknown>>`
    with matching as materialized (
      select session, id, ts_rank_cd(words, ${asked}, 1)::float8 as score
      from (
        select session, id, words from sheaf.papers
        where numnode(${asked}) > 0 and ${matches(asked, sessions)} limit ${sql.lit(rankedPapers)}
      ) as those
    ),
    best as (
      select id as paper, max(score) as score, array_agg(session order by session desc) as sessions
      from matching group by id
    ),
    shown as (
      select * from best
      ${after === undefined ? sql`` : sql`where score < ${after.score}::float8 or (score = ${after.score}::float8 and paper > ${after.paper})`}
      order by score desc, paper limit ${limit}
    )
    select paper, score, sessions[1:${sql.lit(mostSessions)}] as sessions, value -> 'fields' as fields, document
    from shown join sheaf.papers on papers.session = sessions[1] and papers.id = paper
    order by score desc, paper`.execute(db)
  return rows.map((row) => foundPaperSchema.parse(row))
}

/** The index holds each paper's session as a word with a sign before it (migration 0012), so one look finds both. */
function matches(asked: ReturnType<typeof sql>, sessions: readonly string[] | undefined) {
  if (sessions === undefined) return sql`words @@ ${asked}`
  if (sessions.length > sessionsInIndex)
    return sql`words @@ ${asked} and session = any(${[...sessions]}::text[])`
  const signs = sessions.map((session) => `'#${session.replaceAll(/['\\]/g, '$&$&')}'`).join(' | ')
  return sql`words @@ (${asked} && ${signs}::tsquery)`
}
