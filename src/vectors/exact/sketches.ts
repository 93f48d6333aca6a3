import { createRotation } from './rotation.ts'

/** Rows whose sketches lie together, as `sketch.wat` reads them. */
export const rowsOfGroup = 16
/** Bytes of the three terms of a group's rows: factor, middle and spread, as 32-bit numbers. */
const bytesOfTerms = rowsOfGroup * 3 * 4

/**
 * Standard deviations between an estimate and its upper bound. A vector whose score is just at the floor lies farther off, and so is lost,
 * once in 31,000 times; one that is well above it, less often.
 */
const deviations = 4

/** Width of a step of the code in standard deviations of a component (Max 1960, for four uniform steps of a normal variable). */
const stepWidth = 0.9957
/** The largest sum of two components of a question in whole numbers: three times it, and what rounding adds, has seven bits. */
const largestPair = 41

/** A question as sketches are compared with it: what `sketch.wat` is given, and what it leaves out. */
export interface SketchedQuestion {
  readonly scale: number
  readonly shift: number
  readonly norm: number
  readonly spread: number
  /** What belongs to every bound and is not in it. */
  readonly offset: number
}

/** Makes sketches of vectors, and of questions what finds upper bounds with them. */
export interface Sketcher {
  /** Bytes that the codes of a row take; terms take twelve more. */
  readonly bytes: number
  /** Bytes that the tables of a question take. */
  readonly tableBytes: number
  /** Writes codes and terms of a group's rows, given one after another with `stride` signed bytes for each. */
  write(rows: Int8Array, stride: number, codes: Uint8Array, terms: Float32Array): void
  /** Writes the tables of a question. */
  ask(question: Int8Array, norm: number, tables: Uint8Array): SketchedQuestion
}

/**
 * Two bits for each component of a vector of length 1, turned at random around a centre: with three numbers for each vector they
 * estimate its product with a question without bias, and say how far off that may be (Gao and Long 2024, "RaBitQ", SIGMOD; with
 * more than one bit Gao et al. 2025). Since the turn is random, what a code leaves out of a vector points anywhere.
 * @param centre of vectors of length 1, near which they may all lie
 */
export function createSketcher(centre: Float64Array): Sketcher {
  const { length } = centre
  const rotate = createRotation(length)
  const bytes = Math.ceil(length / 4)
  const turned = new Float64Array(length)
  const centreSquared = productOf(centre, centre)
  /** The longest difference from the centre that was written. */
  let longest = 0

  /** Puts a vector of length 1 less the centre into `turned`; returns its product with the centre, and the length of the difference. */
  function turn(vector: Int8Array, norm: number) {
    let product = 0
    let squared = 0
    for (let at = 0; at < length; at++) {
      const component = vector[at]! / norm
      const difference = component - centre[at]!
      product += component * centre[at]!
      squared += difference * difference
      turned[at] = difference
    }
    rotate(turned)
    return { product, distance: Math.sqrt(squared) }
  }

  return {
    bytes,
    tableBytes: bytes * 2 * 16,

    write(rows, stride, codes, terms) {
      for (let row = 0; row < rowsOfGroup; row++) {
        const vector = rows.subarray(row * stride, row * stride + length)
        const { product, distance } = turn(vector, normOf(vector))
        longest = Math.max(longest, distance)
        const step = (stepWidth * distance) / Math.sqrt(length) || 1
        // The kernel reads sums of even bytes first, then those of odd ones.
        const place = row < 8 ? row * 2 : row * 2 - 15
        let along = 0
        let squared = 0
        for (let at = 0; at < length; at++) {
          const value = turned[at]!
          const code = value < 0 ? (value < -step ? 0 : 1) : value < step ? 2 : 3
          codes[(at >> 2) * rowsOfGroup + place]! |= code << ((at & 3) * 2)
          along += (code - 1.5) * value
          squared += (code - 1.5) * (code - 1.5)
        }
        const factor = along > 0 ? distance ** 2 / along : 0
        const aside = Math.max(0, squared - (along / (distance || 1)) ** 2)
        terms[row] = factor
        terms[rowsOfGroup + row] = product
        terms[2 * rowsOfGroup + row] = factor * Math.sqrt(aside / Math.max(1, length - 1))
      }
    },

    ask(question, norm, tables) {
      const { product, distance } = turn(question, norm)
      let widest = 0
      for (let at = 0; at < length; at += 2)
        widest = Math.max(widest, Math.abs(turned[at]!) + Math.abs(turned[at + 1] ?? 0))
      const unit = widest / largestPair || 1
      let shift = 0
      let roundedOff = 0
      const rounded = (at: number) => {
        const value = turned[at] ?? 0
        const whole = Math.round(value / unit)
        roundedOff += (value - whole * unit) ** 2
        shift -= 1.5 * whole
        return whole
      }
      for (let pair = 0; pair < bytes * 2; pair++) {
        const [a, b] = [rounded(pair * 2), rounded(pair * 2 + 1)]
        const least = 3 * (Math.min(a, 0) + Math.min(b, 0))
        shift += least
        for (let code = 0; code < 16; code++)
          tables[pair * 16 + code] = (code & 3) * a + (code >> 2) * b - least
      }
      const chance = deviations / Math.sqrt(length)
      return {
        scale: unit * norm,
        shift,
        norm,
        spread: deviations * distance * norm,
        offset: (product - centreSquared + chance * longest * Math.sqrt(roundedOff)) * norm,
      }
    },
  }
}

/** Bytes that the sketches of some groups take. */
export function sketchBytes(groups: number, bytes: number): number {
  return groups * (rowsOfGroup * bytes + bytesOfTerms)
}

/** The length of a vector; 1 for one without any. */
export function normOf(vector: Int8Array): number {
  return Math.sqrt(productOf(vector, vector)) || 1
}

function productOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!
  return sum
}
