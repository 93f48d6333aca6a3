import { z } from 'zod'
import { SheafError } from '../errors.ts'
import type { Sql } from './database.ts'
import { readValue, readValues, storeValues } from './values.ts'

const sourceItemSchema = z.object({
  /** Unique in the session: `<source>:<reference>`. */
  key: z.string(),
  source: z.string(),
  reference: z.string(),
  /** The item as its source made it; only that source looks inside. */
  value: z.looseObject({ reference: z.string(), label: z.string().optional() }),
})

/** One thing that a source offers, as listed for a session. */
export type SourceItemEntry = z.infer<typeof sourceItemSchema>

/** An item as a person knows it. */
export function labelOf({ reference, value }: SourceItemEntry): string {
  return value.label ?? reference
}

/** Stores what a source has to offer. */
export async function storeListing(
  db: Sql,
  session: string,
  source: string,
  items: readonly { reference: string }[],
): Promise<void> {
  const rows = items.map((value) => {
    const key = `${source}:${value.reference}`
    return { id: key, value: { key, source, reference: value.reference, value } }
  })
  await storeValues(db, 'source_items', session, rows)
}

/** Everything listed for a session, by key. */
export function listedItems(db: Sql, session: string): Promise<SourceItemEntry[]> {
  return readValues(db, 'source_items', sourceItemSchema, session)
}

/** One listed item. Throws `not_found`. */
export async function listedItem(db: Sql, session: string, key: string): Promise<SourceItemEntry> {
  const item = await readValue(db, 'source_items', sourceItemSchema, session, key)
  if (item) return item
  throw new SheafError('not_found', `Session ${session} has listed nothing named ${key}.`)
}
