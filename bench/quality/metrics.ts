/** Arithmetic mean; 0 for no values. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((total, value) => total + value, 0) / values.length
}

/** Normalised discounted cumulative gain of a ranking at a cut-off, for relevance that is yes or no. */
export function normalisedGain(
  ranked: readonly string[],
  relevant: ReadonlySet<string>,
  cutoff: number,
): number {
  const discount = (position: number) => 1 / Math.log2(position + 2)
  let gain = 0
  for (const [position, id] of ranked.slice(0, cutoff).entries())
    if (relevant.has(id)) gain += discount(position)
  let ideal = 0
  for (let position = 0; position < Math.min(cutoff, relevant.size); position++) ideal += discount(position)
  return ideal === 0 ? 0 : gain / ideal
}

/** Average precision of a whole ranking; relevant documents that are not ranked count as never found. */
export function averagePrecision(ranked: readonly string[], relevant: ReadonlySet<string>): number {
  let found = 0
  let total = 0
  for (const [position, id] of ranked.entries()) {
    if (!relevant.has(id)) continue
    found += 1
    total += found / (position + 1)
  }
  return relevant.size === 0 ? 0 : total / relevant.size
}

/**
 * Work saved over sampling at 95 % recall, in per cent: the share of records that need not be read once 95 % of the
 * relevant ones are found, less the 5 % that chance would save (Cohen et al. 2006, JAMIA 13:206).
 */
export function workSaved(order: readonly boolean[]): number {
  const relevant = order.filter(Boolean).length
  const wanted = Math.ceil(0.95 * relevant)
  let found = 0
  for (const [position, isRelevant] of order.entries()) {
    if (isRelevant) found += 1
    if (found === wanted) return 100 * (1 - (position + 1) / order.length - 0.05)
  }
  return 0
}
