/** A stream of numbers that its key alone decides; each call of a method takes the next. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number
  pick<Value>(values: readonly Value[]): Value
  chance(probability: number): boolean
}

/**
 * 32 bits from whole numbers, well mixed (the finalizer of MurmurHash3 over each in turn). The same on every machine.
 */
export function hashOf(...keys: readonly number[]): number {
  let hash = 0x9e3779b9
  for (const key of keys) {
    hash = Math.imul(hash ^ (key | 0), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    hash ^= hash >>> 16
  }
  return hash >>> 0
}

/** From 0 up to, not including, 1, by whole numbers. */
export function shareOf(...keys: readonly number[]): number {
  return hashOf(...keys) / 2 ** 32
}

/** A stream for a key (splitmix32): what is drawn for one paper never depends on what was drawn for another. */
export function randomOf(...keys: readonly number[]): Random {
  let state = hashOf(...keys)
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    between,
    pick: (values) => values[Math.floor(next() * values.length)]!,
    chance: (probability) => next() < probability,
  }
}
