import { expect, it } from 'vitest'
import { packBoxes } from '../../documents/boxes.ts'
import { raisedDigitsOf } from './raised-digits.ts'

/** A page of one line whose digits at `raised` stand higher and smaller. */
function page(text: string, raised: readonly number[]) {
  const boxes = [...text].flatMap((_, at) =>
    raised.includes(at) ? [at * 5, 104, at * 5 + 4, 110] : [at * 5, 100, at * 5 + 5, 110],
  )
  return { number: 1, width: 600, height: 800, text, lines: [], boxes: packBoxes(Float64Array.from(boxes)) }
}

it('tells an exponent from the digits of a number', () => {
  const text = 'In 2015 we saw 104 things and 12 more'
  const has = raisedDigitsOf(page(text, [text.indexOf('104') + 2]))
  expect(has(0, text.length)).toBe(true)
  expect(has(0, text.indexOf('104'))).toBe(false)
  expect(has(text.indexOf('things'), text.length)).toBe(false)
})

it('bears a page without boxes', () => {
  const text = 'In 2015 we saw 104 things'
  expect(raisedDigitsOf({ ...page(text, []), boxes: new Uint8Array() })(0, text.length)).toBe(false)
})
