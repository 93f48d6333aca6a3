/** One figure of `npm run bench:quality`, beside what it must reach and what others published. */
export interface Measure {
  /** What Sheaf does there: `ranking`, `screening`, `evidence`, `roles`, `themes`, `sentences`, `duplicates`, `metadata`. */
  task: string
  /** Name of the labelled set, with its size. */
  set: string
  /** Name of the metric, as `nDCG@10`. */
  metric: string
  value: number
  /** The bar that a release must reach. */
  atLeast?: number
  /** The bar aimed at. */
  excellent?: number
  /** What others reached on this set, with the source. */
  published?: string
}
