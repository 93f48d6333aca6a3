import type { ColumnType } from 'kysely'
import type { Json } from './columns.ts'

/** A row that holds one value of the contract under its natural key. */
export interface ValueTable {
  session: string
  id: string
  value: Json
}

/** Works, merged from records. */
export interface PapersTable extends ValueTable {
  /** The document that holds its text, as the value names it; made by the database. */
  document: ColumnType<string | null, never, never>
  /** A tsvector of its title, abstract and session, made by the database. */
  words: ColumnType<string, never, never>
}

/** What screening decided, by paper. */
export interface DecisionsTable extends ValueTable {
  tier: string
}

/** Quotations, admitted or rejected. */
export interface SpansTable extends ValueTable {
  paper: string
}

/** What a person taught screening. */
export interface LabelsTable {
  session: string
  paper: string
  label: string
  reason: string | null
  /** Grows in the order in which papers were labelled, which tells when to stop. */
  position: number
}
