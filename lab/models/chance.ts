import { createHash } from 'node:crypto'

/** From 0 up to, not including, 1: decided by its keys alone, so by no order in which calls come. */
export function chanceOf(...keys: readonly (string | number)[]): number {
  return createHash('sha256').update(JSON.stringify(keys)).digest().readUInt32BE() / 2 ** 32
}
