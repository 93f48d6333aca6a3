import { shareOf } from './random.ts'

/** What happens when a paper's full text is fetched from the place that services name. */
export const locationKinds = [
  'good',
  'slow',
  'wrong-type',
  'redirected',
  'forbidden',
  'html',
  'truncated',
  'redirect-loop',
  'redirect-private',
  'huge',
  'gzip-bomb',
  'none',
] as const
export type LocationKind = (typeof locationKinds)[number]

/** Places of which a PDF can be had in the end. */
export const obtainable: ReadonlySet<LocationKind> = new Set(['good', 'slow', 'wrong-type', 'redirected'])

const weights: Readonly<Record<LocationKind, number>> = {
  good: 62,
  slow: 5,
  'wrong-type': 4,
  redirected: 6,
  forbidden: 5,
  html: 5,
  truncated: 3,
  'redirect-loop': 1.5,
  'redirect-private': 1.5,
  huge: 0.5,
  'gzip-bomb': 0.5,
  none: 6,
}

/** The kind of place of a paper. */
export function locationKindOf(seed: number, index: number): LocationKind {
  let left = shareOf(seed, index, 31) * 100
  return locationKinds.find((kind) => {
    left -= weights[kind]
    return left < 0
  })!
}
