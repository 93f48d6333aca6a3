import type { Page } from '../../contract/document.ts'
import { unpackBoxes } from '../../documents/boxes.ts'

/** A digit whose foot stands this part of the height of the one before it higher is an exponent. */
const raisedBy = 0.15

/**
 * Tells whether a part of a page's text holds a number with an exponent, which plain text runs into one number: "10⁴" reads
 * "104". What cannot be told, since the page has no boxes, is taken for no exponent.
 */
export function raisedDigitsOf(page: Page): (start: number, end: number) => boolean {
  let boxes: Float64Array | undefined
  return (start, end) => {
    const text = page.text.slice(start, end)
    if (page.boxes.length === 0 || !/\d\d/.test(text)) return false
    boxes ??= unpackBoxes(page.boxes)
    for (const { index } of text.matchAll(/(?<=\d)\d/g)) {
      const at = (start + index) * 4
      const [before, own] = [boxes[at - 3]!, boxes[at + 1]!]
      if (own - before > raisedBy * (boxes[at - 1]! - before)) return true
    }
    return false
  }
}
