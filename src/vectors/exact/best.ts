/** A row with its score. */
export interface Scored {
  readonly row: number
  readonly score: number
}

/** Keeps the best of many rows, one for each key. */
export interface Best {
  /** No score below it can be among the best any more; it only rises. */
  least(): number
  add(row: number, score: number): void
  /** Best first. */
  sorted(): readonly Scored[]
}

/**
 * Makes one that keeps the best `size`.
 * @param keyOf of rows with the same key, only the best is kept
 * @param order of rows with the same score
 */
export function createBest(
  size: number,
  keyOf: (row: number) => number,
  order: (a: number, b: number) => number,
): Best {
  let kept: Scored[] = []
  let least = 0
  // What is added is cut back now and then, since sorting each time costs more than the rows in between.
  const cut = () => {
    const keys = new Set<number>()
    kept = kept
      .sort((a, b) => b.score - a.score || order(a.row, b.row))
      .filter(({ row }) => keys.size < size && keys.size < keys.add(keyOf(row)).size)
    if (kept.length === size) least = kept.at(-1)!.score
  }
  return {
    least: () => least,
    add(row, score) {
      if (score < least) return
      kept.push({ row, score })
      if (kept.length >= size * 2) cut()
    },
    sorted() {
      cut()
      return kept
    },
  }
}
