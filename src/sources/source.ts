import type { BibliographicFields, BibliographicRecord, FullTextLocation } from '../contract/paper.ts'
import type { Plan } from '../contract/plan.ts'

/** One thing that a source has to offer and that can be fetched on its own, as a file of a folder or a page of results. */
export interface SourceItem {
  /** Unique within the source and the same in every run. */
  reference: string
  /** As a person knows it; absent: the reference. */
  label?: string | undefined
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

  /**
   * The records of one item. An item that cannot be had is a record with a `failure`, not an exception; that the source
   * itself cannot be asked is an exception.
   */
  fetch(item: Item, signal?: AbortSignal): Promise<BibliographicRecord[]>

  /** Works that a paper refers to (`backward`) or that cite it (`forward`), at most `limit`; for sources that know. */
  chase?(
    paper: BibliographicFields,
    direction: 'backward' | 'forward',
    limit: number,
    signal?: AbortSignal,
  ): Promise<BibliographicRecord[]>
}

/** A service that knows where a work's full text may be had, beyond what its records said. */
export interface FullTextFinder {
  readonly name: string
  /** Best first; empty when it knows of none. */
  find(paper: BibliographicFields, signal?: AbortSignal): Promise<FullTextLocation[]>
}
