import { findCommunities, type Link } from './communities.ts'
import { nearestNeighbours, type SparseVector } from './vectors.ts'

/** A little above one, so that two subjects of a large set that share many words are told apart. */
const resolution = 1.1
/** Rounds in which each document moves to the theme whose centre is nearest. */
const refinements = 3

/**
 * Divides documents into groups by their vectors: communities of the graph that joins each to its nearest neighbours (a
 * link that both have counts twice), then a few rounds of moving documents to the nearest centre, then tiny groups are
 * dissolved and the nearest groups joined until no more than `mostGroups` are left. Returns each document's group, and
 * -1 for a document that resembles none. Depends on the order of the vectors in nothing but ties.
 */
export function partition(vectors: readonly SparseVector[], mostGroups: number): number[] {
  const count = vectors.length
  const neighbours = nearestNeighbours(vectors, neighboursFor(count))
  let groups = findCommunities(count, linksOf(neighbours), resolution)
  for (let round = 0; round < refinements; round++) groups = moveToNearest(vectors, groups)
  groups = dissolveTiny(vectors, groups)
  return joinNearest(vectors, groups, mostGroups)
}

/** Fifteen, and fewer in a small set, where fifteen would join everything to everything. */
function neighboursFor(count: number): number {
  return Math.min(15, Math.max(2, Math.ceil(count / 5)))
}

function linksOf(neighbours: readonly (readonly { index: number; similarity: number }[])[]): Link[] {
  const links = new Map<number, Link>()
  for (const [index, list] of neighbours.entries()) {
    for (const { index: other, similarity } of list) {
      const a = Math.min(index, other)
      const b = Math.max(index, other)
      const known = links.get(a * neighbours.length + b)
      if (known === undefined) links.set(a * neighbours.length + b, { a, b, weight: similarity })
      else known.weight += similarity
    }
  }
  return [...links.values()].toSorted((one, other) => one.a - other.a || one.b - other.b)
}

/** Sums of a group's vectors, by term, and their length. */
interface Centre {
  sums: Map<number, number>
  length: number
}

function centresOf(vectors: readonly SparseVector[], groups: readonly number[]): Map<number, Centre> {
  const centres = new Map<number, Centre>()
  for (const [index, { terms, weights }] of vectors.entries()) {
    const group = groups[index]!
    if (group < 0) continue
    let centre = centres.get(group)
    if (centre === undefined) {
      centre = { sums: new Map(), length: 0 }
      centres.set(group, centre)
    }
    for (const [at, term] of terms.entries())
      centre.sums.set(term, (centre.sums.get(term) ?? 0) + weights[at]!)
  }
  for (const centre of centres.values()) {
    let squares = 0
    for (const sum of centre.sums.values()) squares += sum * sum
    centre.length = Math.sqrt(squares)
  }
  return centres
}

/** Cosine of a document with a centre, the document itself taken out of it where it is a member. */
function closeness({ terms, weights }: SparseVector, { sums, length }: Centre, member: boolean): number {
  if (terms.length === 0) return 0
  let product = 0
  for (const [at, term] of terms.entries()) product += weights[at]! * (sums.get(term) ?? 0)
  if (!member) return length === 0 ? 0 : product / length
  const rest = length * length - 2 * product + 1
  return rest <= 1e-9 ? 0 : (product - 1) / Math.sqrt(rest)
}

function nearest(
  vector: SparseVector,
  own: number,
  centres: ReadonlyMap<number, Centre>,
): { group: number; cosine: number } {
  let best = {
    group: own,
    cosine: own >= 0 && centres.has(own) ? closeness(vector, centres.get(own)!, true) : -1,
  }
  for (const [group, centre] of centres) {
    if (group === own) continue
    const cosine = closeness(vector, centre, false)
    if (cosine > best.cosine + 1e-9) best = { group, cosine }
  }
  return best
}

function moveToNearest(vectors: readonly SparseVector[], groups: readonly number[]): number[] {
  const centres = centresOf(vectors, groups)
  return vectors.map((vector, index) => nearest(vector, groups[index]!, centres).group)
}

/** Cosine with a centre below which a document that lost its group belongs to none. */
const belonging = 0.03

/** Moves the members of groups too small to be a theme to the nearest other group, or to none (-1). */
function dissolveTiny(vectors: readonly SparseVector[], groups: readonly number[]): number[] {
  const least = vectors.length < 60 ? 2 : Math.max(3, Math.round(vectors.length / 80))
  const sizes = sizesOf(groups)
  const kept = groups.map((group) => (sizes.get(group)! >= least ? group : -1))
  const centres = centresOf(vectors, kept)
  return vectors.map((vector, index) => {
    if (kept[index]! >= 0) return kept[index]!
    const { group, cosine } = nearest(vector, -1, centres)
    return cosine >= belonging ? group : -1
  })
}

/** A document is a stranger in its group when its cosine with the others' centre is below this share of the set's mean. */
const strange = 0.35

/**
 * Takes out of the groups of a small set the documents that resemble them much less than is usual in this set, and groups of
 * which a single document is left: both get -1. In large sets every group has members at its edge, and all stay.
 */
export function expelStrangers(vectors: readonly SparseVector[], groups: readonly number[]): number[] {
  if (vectors.length >= 60) return [...groups]
  const centres = centresOf(vectors, groups)
  const cosines = vectors.map((vector, index) => {
    const group = groups[index]!
    return group < 0 ? 0 : closeness(vector, centres.get(group)!, true)
  })
  const members = groups.filter((group) => group >= 0).length
  const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / Math.max(1, members)
  const kept = groups.map((group, index) => (cosines[index]! < strange * mean ? -1 : group))
  const sizes = sizesOf(kept)
  return kept.map((group) => (sizes.get(group) === 1 ? -1 : group))
}

function joinNearest(
  vectors: readonly SparseVector[],
  start: readonly number[],
  mostGroups: number,
): number[] {
  let groups = [...start]
  for (;;) {
    const centres = [...centresOf(vectors, groups)].toSorted(([a], [b]) => a - b)
    if (centres.length <= Math.max(1, mostGroups)) return groups
    let best = { a: -1, b: -1, cosine: -1 }
    for (const [at, [a, one]] of centres.entries()) {
      for (const [b, other] of centres.slice(at + 1)) {
        let product = 0
        for (const [term, sum] of one.sums) product += sum * (other.sums.get(term) ?? 0)
        const cosine = product / (one.length * other.length || 1)
        if (cosine > best.cosine) best = { a, b, cosine }
      }
    }
    if (best.cosine < belonging) return withoutSmallest(groups, mostGroups)
    groups = groups.map((group) => (group === best.b ? best.a : group))
  }
}

/** Keeps the largest groups; the members of the others belong to none. */
function withoutSmallest(groups: readonly number[], mostGroups: number): number[] {
  const kept = [...sizesOf(groups)]
    .filter(([group]) => group >= 0)
    .toSorted(([a, one], [b, other]) => other - one || a - b)
    .slice(0, mostGroups)
  const names = new Set(kept.map(([group]) => group))
  return groups.map((group) => (names.has(group) ? group : -1))
}

function sizesOf(groups: readonly number[]): Map<number, number> {
  const sizes = new Map<number, number>()
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1)
  return sizes
}

/**
 * How much more alike documents of one group are than documents of different groups: the ratio of their mean cosines.
 * 1 for groups that mean nothing.
 */
export function separation(vectors: readonly SparseVector[], groups: readonly number[]): number {
  const centres = centresOf(vectors, groups)
  const total: Centre = { sums: new Map(), length: 0 }
  for (const { sums } of centres.values())
    for (const [term, sum] of sums) total.sums.set(term, (total.sums.get(term) ?? 0) + sum)
  let whole = 0
  for (const sum of total.sums.values()) whole += sum * sum
  let within = 0
  let pairsWithin = 0
  const sizes = sizesOf(groups.filter((group) => group >= 0))
  for (const [group, { length }] of centres) {
    const size = sizes.get(group)!
    within += length * length - size
    pairsWithin += size * (size - 1)
  }
  const members = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  const between = whole - members - within
  const pairsBetween = members * (members - 1) - pairsWithin
  if (pairsBetween === 0 || pairsWithin === 0) return 1
  return within / pairsWithin / Math.max(between / pairsBetween, 1e-6)
}
