/** Turns vectors of one length, in place. All lengths and angles stay as they are. */
export type Rotation = (vector: Float64Array) => void

/**
 * Makes one that spreads whatever a vector has in few components over all of them: signs are flipped at random, and the Hadamard
 * transform taken of the first and then of the last components, as many as a power of two has; then both halves are mixed
 * (Ailon and Chazelle 2009, "The fast Johnson–Lindenstrauss transform"). The same on every machine.
 */
export function createRotation(length: number): Rotation {
  const power = 2 ** Math.floor(Math.log2(length))
  const half = Math.floor(length / 2)
  const first = signsOf(length, 1)
  const last = signsOf(length, 2)
  return (vector) => {
    flip(vector, first)
    transform(vector, 0, power)
    flip(vector, last)
    transform(vector, length - power, power)
    for (let at = 0; at < half; at++) {
      const a = vector[at]!
      const b = vector[length - half + at]!
      vector[at] = (a + b) * Math.SQRT1_2
      vector[length - half + at] = (a - b) * Math.SQRT1_2
    }
  }
}

function flip(vector: Float64Array, signs: Int8Array): void {
  for (let at = 0; at < vector.length; at++) vector[at]! *= signs[at]!
}

/** The Hadamard transform of some components, a power of two of them. */
function transform(vector: Float64Array, first: number, count: number): void {
  for (let step = 1; step < count; step *= 2)
    for (let block = first; block < first + count; block += step * 2)
      for (let at = block; at < block + step; at++) {
        const a = vector[at]!
        const b = vector[at + step]!
        vector[at] = a + b
        vector[at + step] = a - b
      }
  const scale = 1 / Math.sqrt(count)
  for (let at = first; at < first + count; at++) vector[at]! *= scale
}

/** Signs that look random: the highest bit of a sequence by Steele, Lea and Flood 2014 ("splitmix", with 32 bits). */
function signsOf(length: number, seed: number): Int8Array {
  let state = Math.imul(seed, 0x632be5ab)
  return Int8Array.from({ length }, () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) < 0 ? -1 : 1
  })
}
