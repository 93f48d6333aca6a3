import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packBoxes, rectanglesOf, unpackBoxes } from './boxes.ts'

const none = [Number.NaN, Number.NaN, Number.NaN, Number.NaN]
const pack = (...boxes: number[][]) => packBoxes(Float64Array.from(boxes.flat()))

describe('packed boxes', () => {
  const coordinate = fc.oneof(
    fc.double({ min: -1000, max: 2000, noNaN: true }),
    fc.double({ min: -9_000_000, max: 9_000_000, noNaN: true }),
  )
  const box = fc.oneof(fc.constant(none), fc.tuple(coordinate, coordinate, coordinate, coordinate))

  it('come back within 0.05 points, also on giant pages, and stay absent where absent', () => {
    fc.assert(
      fc.property(fc.array(box, { maxLength: 60 }), (boxes) => {
        const back = unpackBoxes(pack(...boxes))
        expect(back.length).toBe(boxes.length * 4)
        boxes.forEach(([a, b, c, d], index) => {
          const sides = [...back.subarray(index * 4, index * 4 + 4)]
          if (Number.isNaN(a)) expect(sides).toEqual(none)
          else
            [Math.min(a!, c!), Math.min(b!, d!), Math.max(a!, c!), Math.max(b!, d!)].forEach((side, at) => {
              expect(Math.abs(side - sides[at]!)).toBeLessThanOrEqual(0.0501)
            })
        })
      }),
    )
  })

  it('survive numbers that no page can have', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double(), fc.double(), fc.double(), fc.double())), (boxes) => {
        expect(unpackBoxes(pack(...boxes)).length).toBe(boxes.length * 4)
      }),
    )
  })

  it('take about two bytes for a letter', () => {
    const letters = Array.from({ length: 80 }, (_, index) => [index * 5.3, 100, index * 5.3 + 5.1, 112])
    expect(pack(...letters).length).toBeLessThan(80 * 2 + 10)
  })

  it('are refused, not misread, when bytes are wrong', () => {
    expect(() => unpackBoxes(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x7f))).toThrow(/corrupt/)
    expect(() => unpackBoxes(pack([0, 0, 5, 10]).slice(0, -1))).toThrow(/corrupt/)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          expect(unpackBoxes(bytes).length).toBeLessThanOrEqual(bytes.length * 4)
        } catch (error) {
          expect(error).toMatchObject({ code: 'store_unavailable' })
        }
      }),
    )
  })
})

describe('rectanglesOf', () => {
  /** Letters five wide and ten high, from (x, y) on, going `dx`, `dy` from one to the next. */
  const run = (text: string, x: number, y: number, dx = 5, dy = 0) =>
    [...text].map((_, index) => [x + index * dx, y + index * dy, x + index * dx + 5, y + index * dy + 10])

  it('gives one rectangle for each visual line, without spaces at the ends', () => {
    const text = 'ab \r\ncd'
    const packed = pack(...run('ab ', 10, 100), none, none, ...run('cd', 10, 80))
    expect(rectanglesOf(packed, text, 0, text.length)).toEqual([
      { left: 10, bottom: 100, right: 20, top: 110 },
      { left: 10, bottom: 80, right: 20, top: 90 },
    ])
    expect(rectanglesOf(packed, text, 1, 2)).toEqual([{ left: 15, bottom: 100, right: 20, top: 110 }])
    expect(rectanglesOf(packed, text, 2, 5)).toEqual([])
  })

  it('starts a new one where a hyphen and its line break were stripped', () => {
    const packed = pack(...run('hyphen', 300, 100), ...run('ated', 10, 80))
    expect(rectanglesOf(packed, 'hyphenated', 0, 10)).toHaveLength(2)
  })

  it('keeps superscripts, right-to-left text and upright lines in one', () => {
    const raised = pack(...run('x', 10, 100), [15, 106, 18, 112])
    expect(rectanglesOf(raised, 'x2', 0, 2)).toEqual([{ left: 10, bottom: 100, right: 18, top: 112 }])
    expect(rectanglesOf(pack(...run('abc', 90, 100, -5)), 'abc', 0, 3)).toHaveLength(1)
    expect(rectanglesOf(pack(...run('abcd', 30, 100, 0, 10)), 'abcd', 0, 4)).toEqual([
      { left: 30, bottom: 100, right: 35, top: 140 },
    ])
  })

  it('covers every box of any range and refuses ranges that are none', () => {
    const text = 'some words\r\nmore of them'
    const packed = pack(...run('some words', 10, 100), none, none, ...run('more of them', 10, 88))
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(text.length), (a, b) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)]
        const rectangles = rectanglesOf(packed, text, start, end)
        const boxes = unpackBoxes(packed)
        for (let at = start; at < end; at++) {
          if (text[at]!.trim() === '') continue
          const [left, bottom, right, top] = boxes.subarray(at * 4, at * 4 + 4)
          expect(
            rectangles.some(
              (r) => r.left <= left! && r.bottom <= bottom! && r.right >= right! && r.top >= top!,
            ),
          ).toBe(true)
        }
      }),
    )
    expect(() => rectanglesOf(packed, text, 0, text.length + 1)).toThrow(/range/)
    expect(() => rectanglesOf(packed, text, 3, 2)).toThrow(/range/)
    expect(() => rectanglesOf(packed, 'short', 0, 2)).toThrow(/corrupt/)
  })
})
