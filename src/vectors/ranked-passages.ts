import { byNearness, isBeyond, type Nearness, type NearPassage, nearestPassages } from './vector-index.ts'

/** A passage that an index gave, with the cosine of its vector and the question's. */
export type RankedPassage = Omit<NearPassage, 'pages'>

/** An index that approximates looks no further than so many passages; there an answer ends. */
const furthest = 6_400

/**
 * The best passage of each document from an index that gives passages one by one: it is asked for more until an answer is full,
 * or it has no more.
 * @param ask the nearest passages, so many at most
 */
export async function bestOfDocuments(
  { after, limit }: Pick<Nearness, 'after' | 'limit'>,
  ask: (passages: number) => Promise<RankedPassage[]>,
): Promise<NearPassage[]> {
  for (let passages = nearestPassages; ; passages *= 4) {
    const ranked = await ask(passages)
    const best = bestOf(ranked.filter(({ score }) => score > 0)).filter((one) => isBeyond(one, after))
    if (best.length >= limit || ranked.length < passages || passages >= furthest) return best.slice(0, limit)
  }
}

function bestOf(ranked: readonly RankedPassage[]): NearPassage[] {
  const best = new Map<string, RankedPassage & { on: Set<number> }>()
  for (const [place, passage] of ranked.toSorted(byNearness).entries()) {
    const known = best.get(passage.document)
    if (known === undefined) best.set(passage.document, { ...passage, on: new Set([passage.page]) })
    else if (place < nearestPassages) known.on.add(passage.page)
  }
  return [...best.values()].map(({ on, ...passage }) => ({ ...passage, pages: on.size }))
}
