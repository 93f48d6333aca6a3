import { createHash } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { Sql } from '../../store/database.ts'
import type { PassageVector } from '../../store/embeddings.ts'
import { createIntake, type IntakePlace, lookBack, nothingTaken } from '../intake.ts'
import { bestOfDocuments, type RankedPassage } from '../ranked-passages.ts'
import type { Nearness, VectorIndex } from '../vector-index.ts'
import { makingLock } from './extension.ts'

/** A user's passages, where there are no more, are all compared; the index would throw nearly all that it finds away. */
const comparedDirectly = 20_000
/** How widely HNSW looks: more finds more of the nearest and takes longer. */
const searchWidth = 200

/**
 * Asks pgvector for the nearest: a table for each model, in half precision, which holds signed bytes exactly, with an HNSW index
 * by cosine. Tables are made when the first vector comes, so that a database without the extension needs nothing.
 * @param schema where the extension's types are
 */
export function createPgvectorIndex(db: Sql, schema: string): VectorIndex {
  const lengths = new Map<string, number>()
  const nearer = sql`operator(${sql.id(schema)}.<=>)`
  const halfvec = (length: number) => sql`${sql.id(schema)}.halfvec(${sql.lit(length)})`

  async function lengthOf(model: string): Promise<number | undefined> {
    const known = lengths.get(model)
    if (known !== undefined) return known
    const { rows } = await sql<{ length: number }>`
      select atttypmod as length from pg_attribute
      where attrelid = to_regclass(${`sheaf.${nameOf(model)}`}) and attname = 'vector'`.execute(db)
    if (rows[0]) lengths.set(model, rows[0].length)
    return rows[0]?.length
  }

  async function makeTable(model: string, length: number): Promise<void> {
    const table = tableOf(model)
    await db.transaction().execute(async (trx) => {
      await sql`select pg_advisory_xact_lock(${sql.lit(makingLock)})`.execute(trx)
      await sql`
        create table if not exists ${table} (
          passage bigint primary key, embedding bigint not null,
          document text collate "C" not null references sheaf.documents (id) on delete cascade,
          page integer not null, first integer not null, last integer not null, vector ${halfvec(length)} not null
        )`.execute(trx)
      const index = (name: string, on: RawBuilder<unknown>) =>
        sql`create index if not exists ${sql.id(`${nameOf(model)}_${name}`)} on ${table} ${on}`.execute(trx)
      await index('embedding', sql`(embedding)`)
      await index('document', sql`(document)`)
      await index('near', sql`using hnsw (vector ${sql.id(schema)}.halfvec_cosine_ops)`)
    })
  }

  const intake = createIntake(db, {
    async start(model): Promise<IntakePlace> {
      if ((await lengthOf(model)) === undefined) return nothingTaken
      const { rows } = await sql<{ passage: number; embedding: number }>`
        select passage::float8, embedding::float8 from ${tableOf(model)}
        where embedding > (select max(embedding) from ${tableOf(model)}) - ${sql.lit(lookBack)}
          or passage > (select max(passage) from ${tableOf(model)}) - ${sql.lit(lookBack)}`.execute(db)
      return {
        passage: Math.max(0, ...rows.map((row) => row.passage)),
        embedding: Math.max(0, ...rows.map((row) => row.embedding)),
        recent: rows,
      }
    },
    async take(model, rows) {
      if ((await lengthOf(model)) === undefined) await makeTable(model, rows[0]!.vector.length)
      const length = (await lengthOf(model))!
      await store(model, length, rows)
    },
  })

  async function store(model: string, length: number, rows: readonly PassageVector[]): Promise<void> {
    // A server that has changed its model under the same name gives vectors that cannot be compared with the old ones.
    const fitting = rows.filter(({ vector }) => vector.length === length)
    await sql`
      insert into ${tableOf(model)} (passage, embedding, document, page, first, last, vector)
      select passage, embedding, document, page, first, last, vector::${halfvec(length)}
      from unnest(
        ${fitting.map(({ passage }) => passage)}::bigint[],
        ${fitting.map(({ embedding }) => embedding)}::bigint[],
        ${fitting.map(({ document }) => document)}::text[],
        ${fitting.map(({ page }) => page)}::int[],
        ${fitting.map(({ start }) => start)}::int[],
        ${fitting.map(({ end }) => end)}::int[],
        ${fitting.map(({ vector }) => textOf(Int8Array.from(vector)))}::text[]
      ) as row (passage, embedding, document, page, first, last, vector)
      on conflict do nothing`.execute(db)
  }

  /** The nearest passages, so many at most, with the cosine of each. */
  async function nearestPassages(
    asked: Nearness,
    length: number,
    passages: number,
  ): Promise<RankedPassage[]> {
    const table = tableOf(asked.model)
    const documents = asked.documents && [...asked.documents]
    const question = sql`${textOf(asked.question)}::${halfvec(length)}`
    const own = documents === undefined ? sql`` : sql`where document = any(${documents}::text[])`
    const columns = sql`document, page, first as start, last as "end", (vector ${nearer} ${question})::float8 as distance`
    const directly = documents !== undefined && (await isFew(table, own))
    return db.transaction().execute(async (trx) => {
      await sql`set local hnsw.iterative_scan = strict_order`.execute(trx)
      await sql`set local hnsw.ef_search = ${sql.lit(Math.min(1000, Math.max(searchWidth, passages)))}`.execute(
        trx,
      )
      const { rows } = directly
        ? await sql<Omit<RankedPassage, 'score'> & { distance: number }>`
            with own as materialized (select ${columns} from ${table} ${own})
            select * from own order by distance limit ${sql.lit(passages)}`.execute(trx)
        : await sql<Omit<RankedPassage, 'score'> & { distance: number }>`
            select ${columns} from ${table} ${own}
            order by vector ${nearer} ${question} limit ${sql.lit(passages)}`.execute(trx)
      return rows.map(({ distance, ...passage }) => ({ ...passage, score: 1 - distance }))
    })
  }

  async function isFew(table: RawBuilder<unknown>, own: RawBuilder<unknown>): Promise<boolean> {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from (select from ${table} ${own} limit ${sql.lit(comparedDirectly + 1)}) as those`.execute(
      db,
    )
    return rows[0]!.count <= comparedDirectly
  }

  return {
    async nearest(asked) {
      await intake.upToDate(asked.model)
      const length = await lengthOf(asked.model)
      if (length !== asked.question.length) return []
      return bestOfDocuments(asked, (passages) => nearestPassages(asked, length, passages))
    },
    close: async () => undefined,
  }
}

/** Names of models may hold anything, and names of tables 63 bytes. */
function nameOf(model: string): string {
  return `vectors_${createHash('sha256').update(model).digest('hex').slice(0, 16)}`
}

function tableOf(model: string): RawBuilder<unknown> {
  return sql.id('sheaf', nameOf(model))
}

function textOf(vector: Int8Array): string {
  return `[${vector.join(',')}]`
}
