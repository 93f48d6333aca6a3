import type { Rectangle } from '../contract/document.ts'
import { SheafError } from '../errors.ts'

/**
 * Character boxes, packed: a count, then for each character one byte 0 (no box), or variable-length integers (LEB128)
 * in tenths of a point: the distance from the right edge of the box before, the width, and only where they change the
 * bottom and the height. Letters of one line and font take about two bytes each.
 */
const unitsPerPoint = 10
/** A page has at most 14,400 points a side (ISO 32000-1, annex C); this leaves room for the absurd without overflow. */
const farthestUnit = 100_000_000

/** Integers of either sign to small non-negative ones, as in Protocol Buffers: 0, -1, 1, -2 become 0, 1, 2, 3. */
const zigzag = (value: number) => ((value << 1) ^ (value >> 31)) >>> 0
const unzigzag = (value: number) => (value >>> 1) ^ -(value & 1)

function toUnits(points: number): number {
  const units = Math.round(points * unitsPerPoint)
  return Math.max(-farthestUnit, Math.min(farthestUnit, units))
}

/**
 * Packs boxes given as `[left, bottom, right, top]` in points for each character in turn; a character with a number
 * that is not finite has no box. Coordinates lose at most 0.05 points, up to 10 million points from the origin.
 */
export function packBoxes(boxes: Float64Array): Uint8Array<ArrayBuffer> {
  const count = boxes.length >> 2
  let bytes = new Uint8Array(count * 3 + longestEntry)
  let length = writeVarint(bytes, 0, count)
  let edge = 0
  let line = 0
  let height = 0
  for (let at = 0; at < count * 4; at += 4) {
    if (length + longestEntry > bytes.length) {
      const larger = new Uint8Array(bytes.length * 2)
      larger.set(bytes)
      bytes = larger
    }
    let left = boxes[at]!
    let bottom = boxes[at + 1]!
    let right = boxes[at + 2]!
    let top = boxes[at + 3]!
    if (!Number.isFinite(left + bottom + right + top)) {
      bytes[length++] = 0
      continue
    }
    if (left > right) [left, right] = [right, left]
    if (bottom > top) [bottom, top] = [top, bottom]
    left = toUnits(left)
    right = toUnits(right)
    bottom = toUnits(bottom)
    top = toUnits(top)
    const moved = bottom !== line || top - bottom !== height
    length = writeVarint(bytes, length, zigzag(left - edge) * 2 + (moved ? 2 : 1))
    length = writeVarint(bytes, length, right - left)
    if (moved) {
      length = writeVarint(bytes, length, zigzag(bottom - line))
      length = writeVarint(bytes, length, top - bottom)
    }
    edge = right
    line = bottom
    height = top - bottom
  }
  return bytes.slice(0, length)
}

/** Four numbers of at most five bytes. */
const longestEntry = 20

/** Writes an integer below 2^32 as LEB128, and tells where it ends. */
function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let end = at
  let rest = value
  while (rest > 0x7f) {
    bytes[end++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  bytes[end++] = rest
  return end
}

/**
 * Undoes {@link packBoxes}: `[left, bottom, right, top]` in points for each character, NaN where it has no box.
 * @throws SheafError `store_unavailable` when the bytes are not what it wrote.
 */
export function unpackBoxes(packed: Uint8Array): Float64Array<ArrayBuffer> {
  let at = 0
  const read = () => {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = packed[at++]
      if (byte === undefined) break
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw corrupt()
  }
  const count = read()
  // Each character takes at least a byte, so a false count cannot make this allocate much.
  if (count > packed.length - at) throw corrupt()
  const boxes = new Float64Array(count * 4).fill(Number.NaN)
  let edge = 0
  let line = 0
  let height = 0
  for (let box = 0; box < boxes.length; box += 4) {
    const code = read()
    if (code === 0) continue
    const left = edge + unzigzag((code - 1) >>> 1)
    const right = left + read()
    if ((code - 1) & 1) {
      line += unzigzag(read())
      height = read()
    }
    boxes[box] = left / unitsPerPoint
    boxes[box + 1] = line / unitsPerPoint
    boxes[box + 2] = right / unitsPerPoint
    boxes[box + 3] = (line + height) / unitsPerPoint
    edge = right
  }
  if (at !== packed.length) throw corrupt()
  return boxes
}

function corrupt(): SheafError {
  return new SheafError('store_unavailable', 'The stored character boxes of a page are corrupt.', {
    advice: 'Read the document again.',
  })
}

/** How much of the shorter of two intervals lies in the other, 0 to 1. */
function overlap(from: number, to: number, otherFrom: number, otherTo: number): number {
  const shorter = Math.min(to - from, otherTo - otherFrom)
  return shorter > 0 ? (Math.min(to, otherTo) - Math.max(from, otherFrom)) / shorter : 0
}

interface Run extends Rectangle {
  direction: 'unknown' | 'across' | 'upright'
}

/** Whether a box goes on the run, and which way the run then goes. Lines that stand upright occur in rotated text. */
function continuation(run: Run, box: Rectangle): Run['direction'] | undefined {
  const across = overlap(run.bottom, run.top, box.bottom, box.top) >= 0.5
  if (run.direction !== 'upright' && across) return 'across'
  if (run.direction === 'across') return undefined
  const gap = Math.max(box.bottom - run.top, run.bottom - box.top)
  const near = gap < Math.max(box.top - box.bottom, box.right - box.left)
  return near && overlap(run.left, run.right, box.left, box.right) >= 0.5 ? 'upright' : undefined
}

/**
 * The rectangles that cover the characters `[start, end)` of a page's text, one for each line that the eye sees, in
 * points from the bottom left of the page as it is shown. `packed` are the page's boxes ({@link packBoxes}). Spaces at the
 * ends of a line are left out; a range without any box gives none.
 * @throws SheafError `invalid_input` when the range is not one of this text, `store_unavailable` when the boxes are corrupt.
 */
export function rectanglesOf(packed: Uint8Array, text: string, start: number, end: number): Rectangle[] {
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end > text.length || start > end)
    throw new SheafError('invalid_input', `${start} to ${end} is not a range of a text of ${text.length}.`)
  const boxes = unpackBoxes(packed)
  if (boxes.length !== text.length * 4) throw corrupt()
  const runs: Run[] = []
  let current: Run | undefined
  for (let at = start; at < end; at++) {
    const character = text[at]!
    if (character === '\n' || character === '\r') current = undefined
    const left = boxes[at * 4]!
    if (Number.isNaN(left) || character.trim() === '') continue
    const box = { left, bottom: boxes[at * 4 + 1]!, right: boxes[at * 4 + 2]!, top: boxes[at * 4 + 3]! }
    const direction = current && continuation(current, box)
    if (current && direction) {
      current.left = Math.min(current.left, box.left)
      current.bottom = Math.min(current.bottom, box.bottom)
      current.right = Math.max(current.right, box.right)
      current.top = Math.max(current.top, box.top)
      current.direction = direction
    } else {
      current = { ...box, direction: 'unknown' }
      runs.push(current)
    }
  }
  return runs.map(({ left, bottom, right, top }) => ({ left, bottom, right, top }))
}
