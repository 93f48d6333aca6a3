import { foldText } from './fold.ts'

/** Agreement of one field of two records; `unknown` where one lacks it or the two cannot be compared. */
export type Agreement = 'agree' | 'conflict' | 'unknown'

const months: Readonly<Record<string, number>> = Object.fromEntries(
  ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'].map((name, at) => [
    name,
    at + 1,
  ]),
)

/** Start of a page range as it is compared: a letter that marks supplements and article numbers, and possible numbers. */
export interface PageForm {
  prefix: string
  /** More than one where a spreadsheet turned `9-11` into `11-Sep`: either may have come first. */
  starts: readonly number[]
}

/** Compares where two records say that the work begins: `123-9`, `123-129`, `123` agree, as do `e001469` and `1469`. */
export function comparePages(one: PageForm | undefined, other: PageForm | undefined): Agreement {
  if (one === undefined || other === undefined) return 'unknown'
  if (one.starts.some((start) => other.starts.includes(start))) return 'agree'
  // An article number beside a page says nothing: some databases give the one, some the other.
  return isArticleNumber(one) === isArticleNumber(other) ? 'conflict' : 'unknown'
}

function isArticleNumber({ prefix, starts }: PageForm): boolean {
  return prefix === 'e' || starts.every((start) => start >= 20_000)
}

/** Reads a page range or article number; undefined where there is no number in it. */
export function readPages(pages: string | undefined): PageForm | undefined {
  const text = pages?.slice(0, 60).toLowerCase() ?? ''
  const date = /^\s*(?:(\d{1,2})-([a-z]{3})|([a-z]{3})-(\d{1,2}))\s*$/.exec(text)
  const month = months[date?.[2] ?? date?.[3] ?? '']
  if (date !== null && month !== undefined) {
    return { prefix: '', starts: [month, Number(date[1] ?? date[4])] }
  }
  const start = /(?:^|[^a-z])([a-z]{0,4})[.:-]?0*(\d{1,9})/.exec(
    text.replace(/^\s*(?:pp?|pages?|article(?: no)?)[.:\s]+/, ''),
  )
  return start?.[2] === undefined
    ? undefined
    : { prefix: start[1]?.slice(0, 1) ?? '', starts: [Number(start[2])] }
}

/**
 * The number of a volume: 58 of both `58 (SUPPL. 1)` and `Pt A. 58`. Undefined where there is none, and for a lone `1)`,
 * the rest of a cut field.
 */
export function readVolume(volume: string | undefined): number | undefined {
  const text = volume?.slice(0, 60) ?? ''
  if (/^[^(]{0,8}\)/.test(text)) return undefined
  const number = /\d{1,6}/.exec(text.replace(/^\s*(?:part|pt)\.? ?[a-z\d]{1,3}[.\s]+/i, ''))?.[0]
  return number === undefined ? undefined : Number(number)
}

const minorWords = new Set(
  'the of and for in on a an de der die und et la le des del di en y to with'.split(' '),
)

/**
 * Compares names of journals and proceedings: the same words, an abbreviation (`Diab Vasc Dis Res`), an acronym
 * (`PNAS`), or one name that begins the other (`Circulation. Conference: …`).
 */
export function compareVenues(one: readonly string[], other: readonly string[]): Agreement {
  if (one.length === 0 || other.length === 0) return 'unknown'
  return abbreviates(one, other) || abbreviates(other, one) ? 'agree' : 'conflict'
}

/** Words of a venue's name without places, subtitles and little words, at most twelve. */
export function readVenue(venue: string | undefined): readonly string[] {
  const name = (venue ?? '').slice(0, 300).replaceAll(/\([^()]{0,100}\)/g, ' ')
  const title = /^(.{4,}?)[.:]\s+(?:Conference|Proceedings|\d|[A-Z][a-z]+ \d)/.exec(name)?.[1] ?? name
  return foldText(title)
    .split(' ')
    .filter((word) => word !== '' && !minorWords.has(word))
    .slice(0, 12)
}

/** Whether each word of `short` begins a word of `long`, in order, beginning with the first word of both. */
function abbreviates(short: readonly string[], long: readonly string[]): boolean {
  if (short.length === 1 && long.length > 1) {
    const acronym = short[0]!
    const initials = long.map((word) => word[0]).join('')
    if (acronym.length >= 3 && initials.startsWith(acronym)) return true
  }
  let at = 0
  for (const [index, word] of short.entries()) {
    while (at < long.length && !isAbbreviation(word, long[at]!)) {
      if (index === 0) return false
      at++
    }
    if (at >= long.length) return false
    at++
  }
  // "Circulation" is not "Circulation Research": what the short name leaves out may only be a small share.
  return short.length / long.length >= 0.75 || (short.length > 1 && isShortened(short, long))
}

/** Whether a name is abbreviated as a whole, so that words may be missing at its end. */
function isShortened(short: readonly string[], long: readonly string[]): boolean {
  return (
    short.length / long.length >= 0.5 &&
    short.join('').length < 0.75 * long.slice(0, short.length).join('').length
  )
}

/** `natl` for `national`, `intl` for `international`: same first letter, the other letters in order. */
function isAbbreviation(short: string, long: string): boolean {
  if (short[0] !== long[0] || short.length > long.length) return false
  let at = 0
  for (const letter of long) if (letter === short[at]) at++
  return at === short.length
}
