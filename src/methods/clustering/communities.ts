import { UndirectedGraph } from 'graphology'
import louvainModule from 'graphology-communities-louvain'

/** The package is CommonJS and exports the function itself; its types, written for bundlers, say `default`. */
const louvain = louvainModule as unknown as typeof louvainModule.default

/** Times Louvain is started anew; the partition of highest modularity is kept. */
const starts = 12

/** A link of a similarity graph. */
export interface Link {
  a: number
  b: number
  weight: number
}

/**
 * Splits nodes `0 … count-1` into communities by Louvain's method (Blondel et al., Fast unfolding of communities in large
 * networks, 2008), the best of twelve seeded starts. Returns each node's community; the same links give the same answer.
 * At a higher resolution communities are smaller.
 */
export function findCommunities(count: number, links: readonly Link[], resolution: number): number[] {
  const graph = new UndirectedGraph()
  for (let node = 0; node < count; node++) graph.addNode(node)
  for (const { a, b, weight } of links) graph.addEdge(a, b, { weight })
  if (graph.size === 0) return Array.from({ length: count }, (_, node) => node)
  let best: { modularity: number; communities: Record<string, number> } | undefined
  for (let start = 1; start <= starts; start++) {
    const found = louvain.detailed(graph, {
      getEdgeWeight: 'weight',
      rng: seededRandom(start),
      resolution,
    })
    if (best === undefined || found.modularity > best.modularity + 1e-12) best = found
  }
  return Array.from({ length: count }, (_, node) => best!.communities[node]!)
}

/** Numbers in [0, 1) that follow from the seed alone: mulberry32 (T. Ettinger, public domain). */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
