/**
 * A vector with one signed byte for each component, the largest of which becomes ±127. Cosines see no scale, and what
 * rounding does to them is below 0.01 for vectors of hundreds of components; so a model's vectors take a quarter of the
 * room in the database and in memory.
 */
export function quantise(vector: readonly number[]): Int8Array {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1
  return Int8Array.from(vector, (value) => Math.round((value / largest) * 127))
}
