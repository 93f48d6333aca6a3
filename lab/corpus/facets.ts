import { shareOf } from './random.ts'
import { topics } from './topics/all.ts'

/**
 * What a paper is about, in the few values that decide by which words it is found. Papers of the same facets form a
 * profile; which profile a paper has follows from its index by division, so that the papers of a profile can be counted and
 * listed at any size without a table.
 */
export interface Facets {
  /** Index into `topics`. */
  readonly topic: number
  /** See {@link aspects}. */
  readonly aspect: number
  /** Index into the topic's methods. */
  readonly method: number
  /** Which of the topic's synonyms it uses. */
  readonly variant: number
}

/** Kinds of papers on a topic: two in eight answer its question, one is an overview, the others only look as if they did. */
export const aspects = [
  'answers',
  'answers',
  'other-outcome',
  'other-outcome',
  'other-outcome',
  'other-subject',
  'other-subject',
  'overview',
] as const
const methods = 6
const variants = 3

/** Between papers of the same topic and aspect. */
export const aspectPeriod = topics.length * aspects.length
/** Profiles, and between papers of the same profile. */
export const profiles = aspectPeriod * methods * variants

/** The facets of a profile, from 0 to {@link profiles} less one. Small corpora have all topics and aspects. */
export function facetsOf(profile: number): Facets {
  const topic = profile % topics.length
  const aspect = Math.floor(profile / topics.length) % aspects.length
  const method = (Math.floor(profile / aspectPeriod) + aspect + topic) % methods
  const variant = (Math.floor(profile / aspectPeriod / methods) + aspect) % variants
  return { topic, aspect, method, variant }
}

/** How a paper goes back to an earlier one: the journal's version of the same work, or a new study in the same words. */
export interface Relation {
  readonly kind: 'version' | 'sequel'
  readonly of: number
}

const versionShare = 0.04
const sequelShare = 0.02

/** The relation of a paper to the one that precedes it in its topic and aspect; most have none. */
export function relationOf(seed: number, index: number): Relation | undefined {
  if (index < aspectPeriod) return undefined
  const share = shareOf(seed, index, 11)
  if (share >= versionShare + sequelShare) return undefined
  const of = index - aspectPeriod
  if (relationOf(seed, of)) return undefined
  return { kind: share < versionShare ? 'version' : 'sequel', of }
}

/** The profile by whose words a paper is found: its own, or that of the paper that it goes back to. */
export function profileOf(seed: number, index: number): number {
  return (relationOf(seed, index)?.of ?? index) % profiles
}

/** Indices below `size` of the papers of a profile, ascending but for those that go back to another. */
export function* papersOfProfile(seed: number, size: number, profile: number): Generator<number> {
  for (let index = profile; index < size; index += profiles) {
    if (relationOf(seed, index) === undefined) yield index
    const next = index + aspectPeriod
    if (next < size && relationOf(seed, next)?.of === index) yield next
  }
}
