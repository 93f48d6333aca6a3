import type { Profile } from './profile.ts'

/** A block larger than this is not compared pair by pair: only neighbours in the order of titles are. */
const largestBlock = 40
/** How far apart two records of a large block may stand in the order of titles. */
const window = 10

/**
 * Pairs of indexes that share a block and so may be one work, each once, the smaller index first. Every record stands in
 * about ten blocks of bounded work, so that the number of pairs grows with the number of records, not with its square.
 */
export function* candidatePairs(profiles: readonly Profile[]): Generator<readonly [number, number]> {
  const seen = new Set<number>()
  for (const block of blocksOf(profiles)) {
    for (const [a, b] of pairsWithin(block, profiles)) {
      const pair = Math.min(a, b) * profiles.length + Math.max(a, b)
      if (seen.has(pair)) continue
      seen.add(pair)
      yield a < b ? [a, b] : [b, a]
    }
  }
}

function* pairsWithin(
  block: readonly number[],
  profiles: readonly Profile[],
): Generator<readonly [number, number]> {
  const large = block.length > largestBlock
  const members = large ? sortByTitle(block, profiles) : block
  for (const [at, a] of members.entries()) {
    for (const b of members.slice(at + 1, large ? at + 1 + window : undefined)) yield [a, b]
  }
}

function sortByTitle(block: readonly number[], profiles: readonly Profile[]): number[] {
  const keyOf = (index: number) => {
    const { title, fields, key } = profiles[index]!
    return `${title.letters}\u0000${fields.year ?? ''}\u0000${key}`
  }
  const keys = new Map(block.map((index) => [index, keyOf(index)]))
  return block.toSorted((a, b) => (keys.get(a)! < keys.get(b)! ? -1 : 1))
}

function blocksOf(profiles: readonly Profile[]): number[][] {
  const frequency = new Map<string, number>()
  for (const { title } of profiles) {
    for (const word of new Set(title.words)) frequency.set(word, (frequency.get(word) ?? 0) + 1)
  }
  const blocks = new Map<string, number[]>()
  for (const [index, profile] of profiles.entries()) {
    for (const key of new Set(blockKeys(profile, frequency))) {
      const block = blocks.get(key)
      if (block === undefined) blocks.set(key, [index])
      else block.push(index)
    }
  }
  return [...blocks.values()].filter((block) => block.length > 1)
}

/** Keys under which records of one work meet even when a title has slips, is cut short, or is translated. */
function blockKeys(profile: Profile, frequency: ReadonlyMap<string, number>): string[] {
  const { title, names } = profile
  const keys: string[] = []
  if (profile.document !== undefined) keys.push(`document ${profile.document}`)
  if (profile.doi !== undefined) keys.push(`doi ${profile.doi}`)
  if (profile.pmid !== undefined) keys.push(`pmid ${profile.pmid}`)
  if (profile.arxivId !== undefined) keys.push(`arxiv ${profile.arxivId}`)
  if (title.letters !== '') {
    keys.push(
      `title ${title.letters}`,
      `begins ${title.letters.slice(0, 20)}`,
      `ends ${title.letters.slice(-20)}`,
    )
  }
  // Two of the three rarest words that another title has too: a slip in one word leaves a pair.
  const rare = [...new Set(title.words)]
    .filter((word) => word.length >= 4 && (frequency.get(word) ?? 0) > 1)
    .toSorted((a, b) => frequency.get(a)! - frequency.get(b)! || (a < b ? -1 : 1))
    .slice(0, 3)
    .toSorted()
  for (const [at, word] of rare.entries()) {
    for (const other of rare.slice(at + 1)) keys.push(`words ${word} ${other}`)
  }
  const start = profile.pages?.starts[0]
  if (start !== undefined && profile.volume !== undefined) {
    keys.push(`place ${profile.venue[0]?.[0] ?? ''} ${profile.volume} ${start}`)
  }
  if (names[0] !== undefined && start !== undefined) keys.push(`author ${names[0]} ${start}`)
  return keys
}
