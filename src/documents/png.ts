import { crc32, deflateSync } from 'node:zlib'

/** A picture of at most 256 colours: one palette index for each pixel, rows from the top. */
export interface IndexedPicture {
  width: number
  height: number
  indexes: Uint8Array
  /** Red, green and blue of each colour in turn. */
  palette: Uint8Array
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
const indexedColour = 3

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  framed.set(body, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

/**
 * Encodes a picture as PNG (W3C PNG, third edition) with a palette and without alpha. Pictures of up to 16 colours take
 * half a byte a pixel. Rows are not filtered, as the specification advises for palettes.
 */
export function encodePng(picture: IndexedPicture): Uint8Array<ArrayBuffer> {
  const { width, height, indexes, palette } = picture
  const depth = palette.length <= 16 * 3 ? 4 : 8
  const stride = depth === 4 ? (width + 1) >> 1 : width
  const rows = new Uint8Array((stride + 1) * height)
  for (let y = 0; y < height; y++) {
    const row = y * (stride + 1) + 1
    const from = y * width
    if (depth === 8) rows.set(indexes.subarray(from, from + width), row)
    else for (let x = 0; x < width; x++) rows[row + (x >> 1)]! |= indexes[from + x]! << (x & 1 ? 0 : 4)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = depth
  header[9] = indexedColour
  const file = Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', palette),
    // zlib's default level: the highest takes six times as long for 1.5 % less.
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array()),
  ])
  return new Uint8Array(file)
}

/** How many values a channel keeps: 8 levels first, and where that gives too many colours 6, 7 and 6 (of blue). */
const fine = [7, 7, 7] as const
const coarse = [5, 6, 5] as const

/**
 * Reduces pixels of four bytes (blue, green, red, unused; PDFium's BGRx) to a palette of at most 256 colours. Text is grey
 * and stays clear with 8 levels; a page with photographs is reduced further.
 */
export function toIndexed(pixels: Uint8Array, width: number, height: number, stride: number): IndexedPicture {
  return reduce(pixels, width, height, stride, fine) ?? reduce(pixels, width, height, stride, coarse)!
}

function reduce(
  pixels: Uint8Array,
  width: number,
  height: number,
  stride: number,
  [reds, greens, blues]: readonly [number, number, number],
): IndexedPicture | undefined {
  const indexes = new Uint8Array(width * height)
  const slots = new Int16Array((reds + 1) * (greens + 1) * (blues + 1)).fill(-1)
  const [redLevels, greenLevels, blueLevels] = [levelsOf(reds), levelsOf(greens), levelsOf(blues)]
  const palette: number[] = []
  let to = 0
  // Most pixels of a page have the colour of the one before.
  let last = -1
  let index = 0
  for (let y = 0; y < height; y++) {
    for (let at = y * stride, end = at + width * 4; at < end; at += 4) {
      const colour = pixels[at]! | (pixels[at + 1]! << 8) | (pixels[at + 2]! << 16)
      if (colour !== last) {
        last = colour
        const red = redLevels[pixels[at + 2]!]!
        const green = greenLevels[pixels[at + 1]!]!
        const blue = blueLevels[pixels[at]!]!
        const key = (red * (greens + 1) + green) * (blues + 1) + blue
        index = slots[key]!
        if (index < 0) {
          index = palette.length / 3
          if (index === 256) return undefined
          slots[key] = index
          palette.push(...[red / reds, green / greens, blue / blues].map((part) => Math.round(part * 255)))
        }
      }
      indexes[to++] = index
    }
  }
  return { width, height, indexes, palette: Uint8Array.from(palette) }
}

/** The level from 0 to `highest` of each of the 256 values of a channel. */
function levelsOf(highest: number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, value) => Math.round((value * highest) / 255))
}
