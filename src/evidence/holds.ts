import type { EvidenceSpan, PageRange } from '../contract/evidence.ts'
import { pageBodies } from '../methods/text/running-lines.ts'
import type { PageText } from './document-index.ts'
import { fold } from './normalise.ts'
import { readable } from './readable.ts'
import { beginsWord, endsWord } from './whole-words.ts'

/** Why a quotation does not hold, as a closed set. */
export const mismatchReasons = [
  /** The document has no such page, or it could not be read. */
  'page_missing',
  /** The range is empty or reaches beyond the page's text. */
  'range_outside_page',
  /** The range begins or ends within a word, a number or a character. */
  'range_cuts_word',
  /** Two ranges that are not the end of one page's body and the beginning of the next one's. */
  'ranges_not_adjacent',
  /** The page reads otherwise there. */
  'text_differs',
] as const

/** What `sheaf verify` says of a quotation that does not hold. */
export interface Mismatch {
  reason: (typeof mismatchReasons)[number]
  /** The page concerned, 1-based. */
  page: number
  /** What the page reads at the locator, where it reads anything. */
  found?: string
}

/**
 * Whether exactly the locator's range reads as the quotation, both folded (see {@link fold}). `pages` are those of the
 * locator's document, all of them, since headers and footers show only in comparison; that it is that document, its
 * hash tells the caller.
 */
export function quotationHolds(
  span: Pick<EvidenceSpan, 'quotation' | 'locator'>,
  pages: readonly PageText[],
): true | Mismatch {
  const { ranges } = span.locator
  for (const range of ranges) {
    const fault = faultOf(range, pages)
    if (fault) return { reason: fault, page: range.page }
  }
  const first = ranges[0]!
  const last = ranges.at(-1)!
  if (last !== first && !isPageBreak(first, last, pages))
    return { reason: 'ranges_not_adjacent', page: last.page }
  const [begins, ends] = [wholeAt(first, pages), wholeAt(last, pages)]
  if (!begins.start) return { reason: 'range_cuts_word', page: first.page }
  if (!ends.end) return { reason: 'range_cuts_word', page: last.page }
  const found = quotationAt(ranges, pages)
  if (fold(found).text.trim() === fold(span.quotation).text.trim()) return true
  return { reason: 'text_differs', page: ranges[0]!.page, found }
}

/** What the ranges read, line breaks undone; a page break is one of them. Their pages must be there. */
export function quotationAt(ranges: readonly PageRange[], pages: readonly PageText[]): string {
  return readable(
    ranges.map(({ page, start, end }) => pageOf(page, pages)!.text.slice(start, end)).join('\n'),
  )
}

function pageOf(number: number, pages: readonly PageText[]): PageText | undefined {
  return pages.find((page) => page.number === number)
}

function faultOf(range: PageRange, pages: readonly PageText[]): Mismatch['reason'] | undefined {
  const page = pageOf(range.page, pages)
  if (!page) return 'page_missing'
  if (range.start >= range.end || range.end > page.text.length) return 'range_outside_page'
  return undefined
}

/** Whether the ends of a range are those of words; looks at some text around it as locating looked at the page. */
function wholeAt(
  { page, start, end }: PageRange,
  pages: readonly PageText[],
): { start: boolean; end: boolean } {
  const around = 64
  const { text } = pageOf(page, pages)!
  const from = Math.max(0, start - around)
  const folded = fold(text.slice(from, end + around))
  const isHyphen = (at: number): boolean => '-\u2010\u2011'.includes(text[folded.starts[at]! + from]!)
  const first = folded.starts.indexOf(start - from)
  const last = folded.ends.lastIndexOf(end - from)
  return {
    start: first >= 0 && beginsWord(folded.text, first, isHyphen),
    end: last >= 0 && endsWord(folded.text, last + 1, isHyphen),
  }
}

function isPageBreak(first: PageRange, second: PageRange, pages: readonly PageText[]): boolean {
  if (second.page !== first.page + 1) return false
  const index = pages.findIndex(({ number }) => number === first.page)
  const next = pages.findIndex(({ number }) => number === second.page)
  const bodies = pageBodies(pages)
  const rest = pages[index]!.text.slice(first.end, bodies[index]!.end)
  const before = pages[next]!.text.slice(bodies[next]!.start, second.start)
  return rest.trim() === '' && before.trim() === ''
}
