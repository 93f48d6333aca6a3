import type { BibliographicRecord } from '../contract/paper.ts'
import type { Plan } from '../contract/plan.ts'

/** One thing that a source has to offer and that can be fetched on its own, as a file of a folder or a page of results. */
export interface SourceItem {
  /** Unique within the source and the same in every run. */
  reference: string
}

/**
 * A place that papers come from. Collecting has two steps so that each item is a task of its own: `list` finds out
 * cheaply what there is, `fetch` gets one item's records. Both may be called again after a crash.
 */
export interface Source<Item extends SourceItem = SourceItem> {
  /** As it stands in plans, records and reports. */
  readonly name: string

  /** The plan's terms in the source's own language, as it will be asked and as the report shows it. */
  query(plan: Plan): string

  /** What there is to fetch, in a fixed order. */
  list(plan: Plan, signal?: AbortSignal): Promise<Item[]>

  /** The records of one item. An item that cannot be had is a record with a `failure`, not an exception. */
  fetch(item: Item, signal?: AbortSignal): Promise<BibliographicRecord[]>
}
