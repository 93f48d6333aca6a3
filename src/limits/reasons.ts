import type { Limit } from '../upstream/upstream.ts'

const units: readonly (readonly [milliseconds: number, name: string])[] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
  [1, 'millisecond'],
]

/** A limit in plain words: `arXiv allows one request every 3 seconds`, `OpenAlex allows 10,000 credits a day`. */
export function limitInWords(title: string, { name, max, window }: Limit): string {
  const [milliseconds, unit] = units.find(([length]) => window % length === 0 && window >= length) ?? [
    1,
    'millisecond',
  ]
  const count = Math.round(window / milliseconds)
  const every = count === 1 ? `${unit === 'hour' ? 'an' : 'a'} ${unit}` : `every ${count} ${unit}s`
  const amount = max === 1 ? `one ${name.replace(/s$/, '')}` : `${max.toLocaleString('en-GB')} ${name}`
  return `${title} allows ${amount} ${every}`
}

/** A bound of connections in plain words: `arXiv allows one connection at a time`. */
export function connectionsInWords(title: string, connections: number): string {
  return `${title} allows ${connections === 1 ? 'one connection' : `${connections} connections`} at a time`
}
