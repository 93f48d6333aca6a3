import { describe, expect, it } from 'vitest'
import { quotationHolds } from './holds.ts'

const pages = [
  { number: 1, text: 'Header\r\nThe re-\r\nsult is insignificant at 12.5 degrees. It goes dis-\r\n1' },
  { number: 2, text: 'Header\r\ntantly on here.\r\n2' },
]

/** A range of page `page` that reads just so. */
function range(page: number, text: string): [page: number, start: number, end: number] {
  const start = pages[page - 1]!.text.indexOf(text)
  expect(start).toBeGreaterThanOrEqual(0)
  return [page, start, start + text.length]
}

const check = (quotation: string, ...ranges: [page: number, start: number, end: number][]) =>
  quotationHolds(
    {
      quotation,
      locator: {
        document: 'a'.repeat(64),
        ranges: ranges.map(([page, start, end]) => ({ page, start, end })),
      },
    },
    pages,
  )
const whole = () => range(1, 'The re-\r\nsult is insignificant')

describe('quotationHolds', () => {
  it('holds what the page reads, line breaks and typography apart', () => {
    expect(check('The result is insignificant', whole())).toBe(true)
    expect(check('The  result is in\u00adsigni\ufb01cant', whole())).toBe(true)
  })

  it('holds a quotation that goes on over a page break', () => {
    expect(check('It goes distantly on here.', range(1, 'It goes dis-'), range(2, 'tantly on here.'))).toBe(
      true,
    )
  })

  it('says that a page is missing', () => {
    expect(check('The result', [3, 0, 10])).toEqual({ reason: 'page_missing', page: 3 })
  })

  it.each([
    [8, 999],
    [8, 8],
    [12, 8],
  ])('says that [%i, %i) is no range of the page', (start, end) => {
    expect(check('The result', [1, start, end])).toEqual({ reason: 'range_outside_page', page: 1 })
  })

  it.each(['significant', 'The re-\r\nsult is insig', '5 degrees', '12', 'sult is insignificant'])(
    'says that a range cuts a word: %j',
    (text) => {
      expect(check(text, range(1, text))).toEqual({ reason: 'range_cuts_word', page: 1 })
    },
  )

  it.each(['The result is significant', 'The Result is insignificant', 'result is insignificant', ''])(
    'says what the page reads instead of %j',
    (quotation) => {
      expect(check(quotation, whole())).toEqual({
        reason: 'text_differs',
        page: 1,
        found: 'The result is insignificant',
      })
    },
  )

  it('refuses two ranges with text of the body between them, and two that are no page break', () => {
    const there = range(2, 'tantly on here.')
    expect(check('It goes tantly on here.', range(1, 'It goes'), there)).toHaveProperty(
      'reason',
      'ranges_not_adjacent',
    )
    expect(check('It goes dis-on here.', range(1, 'It goes dis-'), range(2, 'on here.'))).toHaveProperty(
      'reason',
      'ranges_not_adjacent',
    )
    expect(check('tantly on here. It goes', there, range(1, 'It goes'))).toHaveProperty(
      'reason',
      'ranges_not_adjacent',
    )
  })
})
