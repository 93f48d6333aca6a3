import type { Locator, PageRange } from '../contract/evidence.ts'
import type { DocumentIndex, Forms, Joined } from './document-index.ts'
import { formsOf } from './document-index.ts'
import { sourceRange } from './normalise.ts'
import { beginsWord, endsWord } from './whole-words.ts'

/** Longer texts are no quotations. In UTF-16 units. */
export const longestQuotation = 5000
const fewestCharacters = 12
const fewestLetters = 6
const fewestWords = 2
/** Where words are not parted by spaces, a character says more. */
const fewestSpaceless = 8
const spaceless = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/gu
/** Places that may be tried and refused before a quotation is given up; bounds the work on hostile pages. */
const mostPlaces = 200

/**
 * Finds where a quotation stands in a document, or nothing if it does not stand there. Tried in this order, first
 * success wins: on single pages in folded form, on single pages by letters and digits alone (see `normalise.ts`), and
 * over a page break with running headers, footers and page numbers left out, by letters and digits alone. Each time the
 * hinted page comes first, then the document from its beginning.
 *
 * A range begins and ends with whole words and numbers ({@link beginsWord}) and takes along the quotation's own
 * punctuation at its ends. A quotation has at least twelve letters or digits, of them six letters, in two words (or eight
 * characters of a script without spaces), and no more than {@link longestQuotation} units: less is found everywhere and
 * proves nothing.
 */
export function locateQuotation(
  quotation: string,
  document: DocumentIndex,
  hint: { page?: number } = {},
): Locator | undefined {
  if (quotation.length > longestQuotation) return undefined
  const sought = formsOf(quotation)
  if (!isLongEnough(sought)) return undefined
  const hinted = document.pages.findIndex(({ number }) => number === hint.page)
  const range =
    findFolded(sought, document, hinted) ??
    findAlone(sought, document, hinted) ??
    findInFlow(sought, document, hinted)
  return range && { document: document.id, ranges: range }
}

function isLongEnough({ folded, alone }: Forms): boolean {
  const dense = folded.text.match(spaceless)?.length ?? 0
  if (dense >= fewestSpaceless) return true
  const words = folded.text.split(' ').filter((word) => /[\p{L}\p{N}]/u.test(word)).length
  const characters = alone.text.match(/[\p{L}\p{N}]/gu)?.length ?? 0
  const letters = alone.text.match(/\p{L}/gu)?.length ?? 0
  return words >= fewestWords && characters >= fewestCharacters && letters >= fewestLetters
}

function findFolded(sought: Forms, document: DocumentIndex, hinted: number): PageRange[] | undefined {
  const needle = sought.folded.text.trim()
  return search(document.folded, needle, hinted, (page, start) =>
    rangeOn(document, page, start, start + needle.length),
  )
}

function findAlone(sought: Forms, document: DocumentIndex, hinted: number): PageRange[] | undefined {
  const needle = sought.alone.text
  return search(document.alone, needle, hinted, (page, start) => {
    const forms = document.forms[page]!
    const found = widened(sourceRange(forms.alone, start, start + needle.length), forms, sought)
    return rangeOn(document, page, found.start, found.end)
  })
}

/** The range of the page for `[start, end)` of its folded text, unless that cuts a word. */
function rangeOn(document: DocumentIndex, page: number, start: number, end: number): PageRange[] | undefined {
  const { number, text } = document.pages[page]!
  const { folded } = document.forms[page]!
  if (!isWhole(text, document.forms[page]!, start, end)) return undefined
  return [{ page: number, ...sourceRange(folded, start, end) }]
}

function isWhole(source: string, { folded }: Forms, start: number, end: number): boolean {
  const isHyphen = (at: number): boolean => '-\u2010\u2011'.includes(source[folded.starts[at]!]!)
  return beginsWord(folded.text, start, isHyphen) && endsWord(folded.text, end, isHyphen)
}

function findInFlow(sought: Forms, document: DocumentIndex, hinted: number): PageRange[] | undefined {
  const { text, forms, bodies } = document.flow()
  const needle = sought.alone.text
  const pageAt = (offset: number): number => bodies.findLastIndex((body) => body.offset <= offset)
  let elsewhere: PageRange[] | undefined
  let at = -1
  for (let tried = 0; tried < mostPlaces; tried++) {
    at = forms.alone.text.indexOf(needle, at + 1)
    if (at < 0) break
    const folded = widened(sourceRange(forms.alone, at, at + needle.length), forms, sought)
    const { start, end } = sourceRange(forms.folded, folded.start, folded.end)
    const first = pageAt(start)
    const last = pageAt(end - 1)
    const ranges = rangesOver(document, first, last, start, end)
    if (!ranges || !isWhole(text, forms, folded.start, folded.end)) continue
    if (first === hinted || last === hinted || hinted < 0) return ranges
    elsewhere ??= ranges
  }
  return elsewhere
}

/** The ranges on a page and the next for `[start, end)` of the flow; undefined where that is not what it spans. */
function rangesOver(
  document: DocumentIndex,
  first: number,
  last: number,
  start: number,
  end: number,
): PageRange[] | undefined {
  const page = document.pages[first]!
  const next = document.pages[last]!
  if (last !== first + 1 || next.number !== page.number + 1) return undefined
  const { bodies } = document.flow()
  const body = bodies[first]!
  const nextBody = bodies[last]!
  const read = page.text.slice(0, body.end).trimEnd().length
  const blank = /^\s*/.exec(next.text.slice(nextBody.start))![0].length
  return [
    { page: page.number, start: body.start + start - body.offset, end: read },
    { page: next.number, start: nextBody.start + blank, end: nextBody.start + end - nextBody.offset },
  ]
}

/** Takes punctuation at the quotation's ends into a range of folded text, as far as it stands there, too. */
function widened(
  range: { start: number; end: number },
  { folded }: Forms,
  sought: Forms,
): { start: number; end: number } {
  const asked = sought.folded.text
  let { start, end } = range
  for (let at = sought.alone.starts[0]! - 1; at >= 0; at--) {
    if (asked[at] === ' ') continue
    const before = folded.text[start - 1] === ' ' ? start - 2 : start - 1
    if (folded.text[before] !== asked[at]) break
    start = before
  }
  for (let at = sought.alone.ends.at(-1)!; at < asked.length; at++) {
    if (asked[at] === ' ') continue
    const after = folded.text[end] === ' ' ? end + 1 : end
    if (folded.text[after] !== asked[at]) break
    end = after + 1
  }
  return { start, end }
}

/**
 * Looks for `needle` on the hinted page, then on all from the first, until `accept` turns a place into ranges.
 * `start` counts from the beginning of the page's form.
 */
function search(
  { text, offsets }: Joined,
  needle: string,
  hinted: number,
  accept: (page: number, start: number) => PageRange[] | undefined,
): PageRange[] | undefined {
  let tried = 0
  const from = (begin: number, stop: number): PageRange[] | undefined => {
    let page = 0
    for (let at = text.indexOf(needle, begin); at >= 0 && at < stop; at = text.indexOf(needle, at + 1)) {
      if (tried++ >= mostPlaces) return undefined
      while (offsets[page + 1]! <= at) page++
      const ranges = accept(page, at - offsets[page]!)
      if (ranges) return ranges
    }
    return undefined
  }
  const onHinted = hinted < 0 ? undefined : from(offsets[hinted]!, offsets[hinted + 1]!)
  return onHinted ?? from(0, text.length)
}
