import type { Author } from '../../contract/paper.ts'
import { bodyAuthor, isBody } from '../../methods/references/bodies.ts'
import { looksLikeName, parseName } from '../../methods/references/person-names.ts'
import type { Segment } from './segments.ts'

/** Words that name institutions, places and roles; a line with one of them names no author. */
const institution =
  /\b(?:universi\p{L}*|institut\p{L}*|inst|depart\p{L}*|dept|dipartimento|département|fakult\p{L}*|facult\p{L}*|school|college|laborator\p{L}*|labs?|cent(?:er|re|ro|rum)|hospital|clinic|academ\p{L}*|academy|polytechn\p{L}*|politecnico|école|hochschule|ministry|agency|council|foundation|corporation|corp|inc|ltd|llc|gmbh|company|division|section|unit|programme?|group|consultan\p{L}*|associates|cnrs|inria|csiro|nasa|google|microsoft|facebook|amazon|deepmind|openai|nvidia|huawei|tencent|alibaba|baidu|yahoo|ibm|street|avenue|ave|road|boulevard|box|campus|building|museum|library|observatory|state|p\.?o\.?|usa|u\.s\.a|uk|united (?:kingdom|states)|germany|france|italy|spain|china|japan|india|canada|australia|austria|switzerland|netherlands|belgium|sweden|norway|denmark|finland|poland|portugal|brazil|israel|korea|singapore|taiwan|hong kong|new zealand|south africa|ireland|greece|russia|turkey|mexico)\b/iu

/** Words that stand capitalised on a first page and are no part of a name. */
const notNames =
  /\b(?:abstract|summary|introduction|keywords?|article|paper|report|review|research|original|journal|proceedings|conference|workshop|transactions|volume|vol|issue|draft|preprint|version|edition|received|revised|accepted|published|submitted|available|online|open|access|copyright|license|correspond\p{L}*|contact|e-?mail|equal|contribut\p{L}*|member|fellow|senior|student|professor|editor|edited|reviewed|reviewers?|doi|https?|www|orcid|contents?|index|terms|subject|category|classification|january|february|march|april|june|july|august|september|october|november|december|the|of|for|in|on|with|from|to|this|these|authors?)\b/iu

interface Row {
  segments: Segment[]
  bottom: number
  top: number
}

/**
 * Reads the authors from the lines between title and abstract. The first line that holds names gives the style (size,
 * weight, slant) of names; affiliations, addresses, dates and notes differ from it in style or by their words. Marks,
 * digits, "and", commas and wide gaps part the names; a name may go on in the next line.
 */
export function findAuthors(region: readonly Segment[]): Author[] {
  const rows = rowsOf(region.filter((segment) => !segment.rotated))
  let style: Segment | undefined
  let names: string[] = []
  let open: string | undefined
  let lastRow: Row | undefined
  for (const row of rows) {
    const cells = cellsOf(row, style)
    if (cells.length === 0) continue
    const pieces = cells.map(piecesOf)
    style ??= styleOf(row, pieces)
    if (!style) continue
    if (lastRow && lastRow.bottom - row.top > 14 * style.fontSize) break
    for (const [index, { list, startsOpen, endsOpen }] of pieces.entries()) {
      let [first, ...rest] = list
      if (index === 0 && open !== undefined && first !== undefined && startsOpen) {
        if (!(looksLikeName(open) && looksLikeName(first))) {
          first = `${open} ${first}`
          names = names.slice(0, -1)
        }
      }
      names.push(...(first === undefined ? rest : [first, ...rest]))
      open = endsOpen ? names.at(-1) : undefined
    }
    lastRow = row
  }
  return unique(names.filter((name) => looksLikeName(name) || isBody(name)))
}

function unique(names: readonly string[]): Author[] {
  const seen = new Map<string, Author>()
  for (const name of names) {
    const author = isBody(name) ? bodyAuthor(name) : parseName(name)
    const key = `${author.family}|${author.given ?? ''}`.toLowerCase()
    if (!seen.has(key)) seen.set(key, author)
  }
  return [...seen.values()]
}

function rowsOf(segments: readonly Segment[]): Row[] {
  const rows: Row[] = []
  const worded = segments.filter(({ text }) => /\p{L}{2}/u.test(text))
  for (const segment of worded.sort((a, b) => b.bottom + b.top - a.bottom - a.top || a.left - b.left)) {
    const row = rows.at(-1)
    const middle = (segment.bottom + segment.top) / 2
    if (row && middle > row.bottom && middle < row.top) row.segments.push(segment)
    else rows.push({ segments: [segment], bottom: segment.bottom, top: segment.top })
  }
  for (const mark of segments.filter((segment) => !worded.includes(segment))) {
    const away = (row: Row) => Math.abs(row.bottom + row.top - mark.bottom - mark.top) / 2
    const near = rows.filter((row) => away(row) < 0.9 * row.segments[0]!.fontSize)
    near.sort((a, b) => away(a) - away(b))[0]?.segments.push(mark)
  }
  for (const row of rows) row.segments.sort((a, b) => a.left - b.left)
  return rows
}

/** The row's texts that may hold names, cell by cell; parts of one cell are joined. */
function cellsOf(row: Row, style: Segment | undefined): string[] {
  const cells: { text: string; right: number }[] = []
  for (const segment of row.segments) {
    const mark = !/\p{L}{2}/u.test(segment.text) && !/^(?:,|\p{L}\.)/u.test(segment.text)
    const small = style !== undefined && segment.fontSize < 0.8 * style.fontSize
    const isMark = mark || (small && segment.text.length < 8)
    if (!isMark && style && !sameStyle(segment, style)) continue
    const text = isMark ? markOrComma(segment.text) : segment.marked
    const last = cells.at(-1)
    const twoNames = last !== undefined && looksLikeName(last.text) && looksLikeName(text)
    if (last && !twoNames && (isMark || segment.left - last.right < 0.42 * segment.fontSize)) {
      last.text += ` ${text}`
      last.right = segment.right
    } else cells.push({ text, right: segment.right })
  }
  return joinSplitNames(cells.map(({ text }) => text)).filter((text) => !isAffiliation(text))
}

/** Joins cells again where a wide space, as justified lines have, fell into a name: `Arlene` and `Smyth`. */
function joinSplitNames(cells: readonly string[]): string[] {
  const joined: string[] = []
  for (const cell of cells) {
    const before = joined.at(-1) === undefined ? undefined : piecesOf(joined.at(-1)!)
    const here = piecesOf(cell)
    const [open, first] = [before?.list.at(-1), here.list[0]]
    const split =
      open !== undefined &&
      first !== undefined &&
      before!.endsOpen &&
      here.startsOpen &&
      (!looksLikeName(first) || /^\p{Lu}\./u.test(first)) &&
      (!looksLikeName(open) || open.endsWith('.')) &&
      looksLikeName(`${open} ${first}`)
    if (split) joined.push(`${joined.pop()} ${cell}`)
    else joined.push(cell)
  }
  return joined
}

function markOrComma(text: string): string {
  return /^[\s,]*$/.test(text) ? ',' : /,\s*$/.test(text) ? '¹,' : '¹'
}

function sameStyle(segment: Segment, style: Segment): boolean {
  return (
    Math.abs(segment.fontSize - style.fontSize) < 0.35 &&
    segment.bold === style.bold &&
    segment.italic === style.italic
  )
}

function isAffiliation(text: string): boolean {
  return (
    (institution.test(text) && !isBody(text)) ||
    /\d{4,}/.test(text.replace(/\d{4}-\d{4}-\d{4}-\d{3}[\dX]/g, '')) ||
    /^(?:edited|reviewed|received|accepted|published|copyright|©|keywords|arxiv)\b/i.test(text)
  )
}

function styleOf(row: Row, pieces: readonly Pieces[]): Segment | undefined {
  if (!pieces.some(({ list }) => list.some((piece) => looksLikeName(piece) || isBody(piece)))) {
    return undefined
  }
  return row.segments
    .filter((segment) => /\p{L}{2}/u.test(segment.text) && !isAffiliation(segment.text))
    .reduce((widest, segment) => (segment.text.length > widest.text.length ? segment : widest))
}

interface Pieces {
  list: string[]
  /** Whether nothing parts the first piece from what stands before it, or the last from what comes after. */
  startsOpen: boolean
  endsOpen: boolean
}

const separator =
  /\s*(?:[,;·•|¹²³⁴-⁹∗*†‡§¶#☯✉⋆⊥◦\d&]|(?<![\p{L}.])and(?!\p{L}))[\s,;·•|¹²³⁴-⁹∗*†‡§¶#☯✉⋆⊥◦\d&]*/giu

/** `Lovelace, A.` and `van der Berg, W. J.`, as some lists turn names. */
const surnameFirst =
  /((?:(?:van|von|de|der|den|di|da|la|le) ){0,3}\p{Lu}[\p{L}'’-]{1,30}), ((?:\p{Lu}\.[ -]?){1,4}(?<=\.))(?=\s*(?:[,;&]|and|$))/gu

/** Cuts the text of one cell into pieces that may be names. */
function piecesOf(cell: string): Pieces {
  const text = cell
    .replace(/\{[^}]*\}\s*@\s*\S+|\([^)]*@[^)]*\)|\S+@\S*/g, ' ')
    .replace(/\([^)]*\)|\[[^\]]*\]/g, '¹')
    .replace(/\b\d{4}-\d{4}-\d{4}-\d{3}[\dX]\b|\b(?:ORCID|iD|ID)\b/g, '¹')
    .replace(/,?\s*\b(?:Ph\.? ?D|M\.? ?D|M\.? ?Sc|B\.? ?Sc|MPH|MBA|Dipl\.-?\p{L}*)\b\.?/gu, '')
    .replace(/^\s*(?:by|authors?:)\s/i, '')
    .replace(/(?<=^|[,;]\s*|and\s)(?:Dr|Prof|Professor|Mr|Mrs|Ms)\.?\s/g, '')
    .replace(/\b\d{1,2}(?:st|nd|rd|th)\b/g, '')
    .replace(surnameFirst, '$2 $1')
    .trim()
  const raw = text.split(separator).map((piece) => piece.trim())
  const list = raw.filter((piece) => piece !== '' && !(notNames.test(piece) && !isBody(piece)))
  return { list, startsOpen: raw[0] !== '', endsOpen: raw.at(-1) !== '' }
}
