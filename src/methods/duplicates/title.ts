import { foldText } from './fold.ts'

/** A title as it is compared. */
export interface TitleForm {
  /** Letters and digits alone, without spaces. */
  letters: string
  /** Words in order; a run of digits is a word of its own. */
  words: readonly string[]
  distinctWords: ReadonlySet<string>
  /** What the title says of its kind: the work itself, or a notice or answer about another. */
  kind: 'work' | 'correction' | 'retraction' | 'reply' | 'comment'
  /** The number of a part in a series, as `2` of "Part II"; absent where the title names none. */
  part?: string
  /** Whether the title says that it was cut short. */
  cut: boolean
  /** Whether the title is one of the kind that many works bear ("Editorial", "Introduction"). */
  generic: boolean
  /** Whether the title is one that is used again every year ("Annual report"). */
  serial: boolean
}

/**
 * How far two titles agree. `same`: the same letters and digits. `close`: they differ by slips of the pen or spelling.
 * `shortened`: one is the beginning of the other. `altered`: most words are the same, but words were exchanged or left out.
 */
export type TitleAgreement = 'same' | 'close' | 'shortened' | 'altered' | 'different'

const longestTitle = 600
const romanNumerals: Readonly<Record<string, string>> = {
  i: '1',
  ii: '2',
  iii: '3',
  iv: '4',
  v: '5',
  vi: '6',
  vii: '7',
  viii: '8',
  ix: '9',
  x: '10',
}
const numberWords: Readonly<Record<string, string>> = { one: '1', two: '2', three: '3', four: '4', five: '5' }

const genericTitle =
  /^(?:editorials?|introduction|preface|foreword|abstracts?|contents|table of contents|index|discussion|conclusions?|letters?(?: to the editor)?|correspondence|news|book reviews?|in brief|highlights|acknowledge?ments?|announcements?|obituary|guest editorial|editorial board|untitled|no title|poster abstracts?|oral presentations?|references|appendix)$/
const serialTitle =
  /\b(?:annual|yearly|quarterly|monthly|biennial|proceedings|yearbook|year in review|state of the|statistics|standards of|guidelines?|report of the|report on the|census|workshop|conference|symposium|meeting|congress)\b/

/** Reads a title: its letters, its kind, and the part of a series that it names. */
export function readTitle(title: string): TitleForm {
  const shown = title.slice(0, 4 * longestTitle).trim()
  const bare = withoutFrame(shown)
  const folded = foldText(bare).slice(0, longestTitle)
  const { kind, rest } = readKind(folded)
  const words = rest
    .replaceAll(/(\p{L})(?=\p{N})|(\p{N})(?=\p{L})/gu, '$1$2 ')
    .split(' ')
    .filter((word) => word !== '')
  const part = partNumber(words)
  return {
    letters: words.join(''),
    words,
    distinctWords: new Set(words),
    kind,
    ...(part === undefined ? {} : { part }),
    cut: /(?:\.\.\.|…)\s*$/.test(shown) || folded.length >= longestTitle,
    generic: genericTitle.test(folded),
    serial: serialTitle.test(folded),
  }
}

/**
 * Takes off what databases put around a title: brackets around a translated one, `[German]` after it, the number of a
 * conference abstract before it, "RETRACTED:" (the work stays the same work).
 */
function withoutFrame(title: string): string {
  return title
    .replace(/^\[([^\]]{10,})\]\.?(?:\s*\[[^\]]{2,40}\])?\.?$/, '$1')
    .replace(/[.\s]*[[(](?:article |text |abstract )?(?:in )?\p{Lu}\p{Ll}{3,14}[\])]\.?$/iu, (tail) =>
      languages.test(tail) ? '' : tail,
    )
    .replace(/^(?:retracted(?: article| paper)?|withdrawn)\s*[:.]\s*/i, '')
    .replace(/\s*[[(](?:retracted(?: article)?|retraction in)\b[^\])]{0,200}[\])]\.?$/i, '')
    .replace(/^(?:abstract|poster|paper|oral)?\s*(?:no\.? ?)?[A-Z]{0,4}-?\d{1,5}\s*[:.]\s+(?=\S{2})/i, '')
}

const languages =
  /\b(?:german|french|italian|spanish|russian|chinese|japanese|polish|portuguese|dutch|turkish|korean|czech|hungarian|danish|swedish|norwegian|finnish|ukrainian|serbian|croatian|romanian|bulgarian|slovak|slovenian|hebrew|persian|arabic|greek|english|lithuanian)\b/i

const kinds: readonly [Exclude<TitleForm['kind'], 'work'>, RegExp][] = [
  [
    'correction',
    /^(?:published |publisher |authors? )?(?:erratum|errata|corrigend(?:um|a)|corrections?|addendum|expression of concern)\b|\b(?:erratum|corrigendum)$/,
  ],
  ['retraction', /^(?:retraction|withdrawal)\b(?: notice| note)?/],
  [
    'reply',
    /^(?:(?:the )?authors? (?:repl(?:y|ies)|response)|(?:a )?repl(?:y|ies)(?: to| by| from)?\b|in (?:reply|response)|(?:a |our )?response to\b|response$|rejoinder)|\b(?:authors? )?(?:reply|authors? response|rejoinder)$/,
  ],
  [
    'comment',
    /^(?:(?:a |invited )?comment(?:ary|s)? (?:on|to|regarding)\b|letter (?:by|regarding|to the editor)\b|re |regarding |discussion of\b)|\b(?:a )?(?:comment|commentary)$/,
  ],
]

function readKind(folded: string): { kind: TitleForm['kind']; rest: string } {
  for (const [kind, pattern] of kinds) if (pattern.test(folded)) return { kind, rest: folded }
  return { kind: 'work', rest: folded }
}

function partNumber(words: readonly string[]): string | undefined {
  const at = words.findLastIndex((word) =>
    /^(?:part|pt|phase|volume|vol|chapter|section|episode|lecture|paper)$/.test(word),
  )
  const named = at >= 0 ? numeral(words[at + 1]) : undefined
  if (named !== undefined) return named
  const last = words.at(-1)
  // A numeral at the very end counts the works of a series ("… of cells. II"); years and doses do not stand alone there.
  return words.length > 3 &&
    last !== undefined &&
    /^(?:[ivx]{1,4}|\d)$/.test(last) &&
    !countsSomething(words.at(-2))
    ? numeral(last)
    : undefined
}

function numeral(word: string | undefined): string | undefined {
  if (word === undefined) return undefined
  return romanNumerals[word] ?? numberWords[word] ?? (/^\d{1,3}$/.test(word) ? word : undefined)
}

/** Whether a number after this word belongs to a name ("type 2", "interleukin 6") rather than to a series. */
function countsSomething(word: string | undefined): boolean {
  return (
    word === undefined ||
    word.length <= 4 ||
    /^(?:types?|grade|class|stage|covid|interleukin|peptide|receptors?|factor|level|version|group|protein|isoforms?|kinase|caspase|vitamin|photosystem|complex|angiotensin)$/.test(
      word,
    )
  )
}

/** Compares two titles; symmetric. */
export function compareTitles(a: TitleForm, b: TitleForm): TitleAgreement {
  if (a.letters === '' || b.letters === '') return 'different'
  if (a.letters === b.letters) return 'same'
  const [short, long] = a.letters.length <= b.letters.length ? [a, b] : [b, a]
  if (beginsWith(long, short)) return 'shortened'
  // Slips are few: where less than half of the words are shared, looking for them costs time and finds nothing.
  if (!shareHalf(a.distinctWords, b.distinctWords)) return 'different'
  const { exchanged, leftOut, shared } = alignWords(a.words, b.words)
  const dice = (2 * shared) / (a.words.length + b.words.length)
  if (exchanged === 0 && leftOut === 0) return 'close'
  if (exchanged === 0 && dice >= 0.9 && short.words.length >= 5) return 'close'
  return dice >= 0.6 ? 'altered' : 'different'
}

function shareHalf(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a]
  let shared = 0
  for (const word of small) if (large.has(word)) shared++
  return shared >= small.size / 2
}

/** Whether one title is the other's beginning: whole words, or where a field of fixed length or an ellipsis cut it. */
function beginsWith(long: TitleForm, short: TitleForm): boolean {
  if (short.letters.length < 20 || short.words.length < 4 || !long.letters.startsWith(short.letters))
    return false
  if (/\d/.test(short.letters.at(-1)!) && /\d/.test(long.letters[short.letters.length]!)) return false
  let end = 0
  for (const word of long.words) if (end < short.letters.length) end += word.length
  return end === short.letters.length || short.cut || short.letters.length >= 40
}

/**
 * Words of two titles set against each other: those they share (apart from slips), those that stand in one place of both
 * but are others (`exchanged`), and those that only one has. Little words do not count as left out.
 */
function alignWords(
  a: readonly string[],
  b: readonly string[],
): { shared: number; exchanged: number; leftOut: number } {
  const rest = new Map<string, number>()
  for (const word of b) rest.set(word, (rest.get(word) ?? 0) + 1)
  const onlyA: string[] = []
  let shared = 0
  for (const word of a) {
    const count = rest.get(word) ?? 0
    if (count > 0) {
      rest.set(word, count - 1)
      shared++
    } else onlyA.push(word)
  }
  let onlyB = [...rest].flatMap(([word, count]) => Array<string>(count).fill(word))
  const unmatchedA: string[] = []
  if (onlyA.length > 40 || onlyB.length > 40)
    return { shared, exchanged: Math.min(onlyA.length, onlyB.length), leftOut: 0 }
  // "follow up" and "followup" are one: words run together on one side are taken for the parts on the other.
  const [joinedA, joinedB] = [onlyA.join(''), onlyB.join('')]
  if (
    joinedA !== '' &&
    (joinedA === joinedB || (onlyA.length !== onlyB.length && isSlip(joinedA, joinedB)))
  ) {
    return { shared: shared + Math.min(onlyA.length, onlyB.length), exchanged: 0, leftOut: 0 }
  }
  for (const word of onlyA) {
    const twin = onlyB.findIndex((other) => isSlip(word, other))
    if (twin >= 0) {
      shared++
      onlyB = onlyB.toSpliced(twin, 1)
    } else unmatchedA.push(word)
  }
  const heavyA = unmatchedA.filter((word) => !littleWords.has(word))
  const heavyB = onlyB.filter((word) => !littleWords.has(word))
  const exchanged = Math.min(heavyA.length, heavyB.length)
  return { shared, exchanged, leftOut: Math.max(heavyA.length, heavyB.length) - exchanged }
}

const littleWords = new Set(
  'a an and as at by for from in into its of on or the to with via der die das und von les des une del los las et la le el de en y e il su sur inf sub sup'.split(
    ' ',
  ),
)

const opposites: readonly (readonly [RegExp, RegExp])[] = [
  [/^hyper/, /^hypo/],
  [/^pre/, /^post/],
  [/^inter/, /^intra/],
  [/^macro/, /^micro/],
  [/^over/, /^under/],
  [/^male/, /^female/],
  [/^increas/, /^decreas/],
]

/** Whether two words are one word with a slip or another spelling: one edit from five letters on, two from nine. */
function isSlip(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length)
  if (shorter < 4 || Math.abs(a.length - b.length) > 2 || a.length + b.length > 120) return false
  const allowed = shorter >= 9 ? 2 : shorter >= 5 || a[0] === b[0] ? 1 : 0
  if (allowed === 0 || (a[0] !== b[0] && a.at(-1) !== b.at(-1))) return false
  // A letter before a word is no slip: "typical" and "atypical".
  if (a.length !== b.length && (a.endsWith(b) || b.endsWith(a))) return false
  if (/\d/.test(a) || /\d/.test(b) || editDistance(a, b) > allowed) return false
  return !opposites.some(([one, other]) => (one.test(a) && other.test(b)) || (one.test(b) && other.test(a)))
}

/** Levenshtein's distance with transpositions of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let cost = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1))
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (swapped) cost = Math.min(cost, beforeLast[column - 2]! + 1)
      current.push(cost)
    }
    beforeLast = last
    last = current
  }
  return last[b.length]!
}
