import type { ColumnType, Generated } from 'kysely'
import type { Json, NullableJson, Time } from './columns.ts'

/** Files that were read, by their SHA-256. */
export interface DocumentsTable {
  id: string
  byte_length: number
  page_count: number
  metadata: Json
  page_failures: Json
  /** Set when the document could not be read. */
  failure: NullableJson
  /** How many passages it was cut into; null while it was not. */
  passages: number | null
}

/** Pages with their words and where they stand. */
export interface PagesTable {
  document: string
  number: number
  label: string | null
  width: number
  height: number
  text: string
  lines: Json
  boxes: Buffer
  /** A tsvector of the text, made by the database. */
  search: ColumnType<string, never, never>
}

/** Stretches of pages, `[first, last)` in UTF-16 units, by which meaning is searched. */
export interface PassagesTable {
  id: Generated<string>
  document: string
  page: number
  first: number
  last: number
  /** Of its words; passages with the same words share one vector. */
  sha256: string
}

/** Vectors of a model, by the hash of the words. */
export interface EmbeddingsTable {
  model: string
  sha256: string
  /** Grows with each that is stored, so that who keeps them in memory can ask for the new ones. */
  number: Generated<string>
  /** One signed byte for each component, see `models/quantise.ts`. */
  vector: Buffer
}

/** Files that users put in. */
export interface UploadsTable {
  user_id: string
  name: string
  bytes: number
  sha256: string
  uploaded_at: Time
}

/** Folders of the library. */
export interface LibraryFoldersTable {
  path: string
  added_at: Time
}

/** What files of the library hashed to. */
export interface LibraryFilesTable {
  folder: string
  path: string
  /** Bytes. */
  size: number
  /** Milliseconds since 1970, as the file system says. */
  modified: number
  sha256: string
}
