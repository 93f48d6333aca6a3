import { stem } from '../../methods/text/stems.ts'
import { stopWords } from '../../methods/text/stop-words.ts'
import { foldText } from '../../methods/text/tokens.ts'
import { directionOf } from './cues.ts'

/** What a statement says that its quotation does not, or leaves out so that it says something else. */
export interface Departure {
  kind: 'number' | 'unit' | 'name' | 'negation' | 'hedge' | 'quantity' | 'direction' | 'word' | 'order'
  severity: 'minor' | 'major'
  /** The words concerned. */
  words: string[]
}

interface Token {
  text: string
  key: string
  kind: 'number' | 'negation' | 'hedge' | 'quantity' | 'content' | 'function'
}

const negation = new Set(
  'not no nor never none neither without cannot nobody nothing hardly fail fails failed unable lack lacks lacked absence'.split(
    ' ',
  ),
)
const hedge = new Set(
  `may might could can possibly possible perhaps probably probable likely unlikely potential potentially appear appears appeared seem
  seems seemed suggest suggests suggested suggesting suggestive indicate indicates indicated indicating indicative tend tends tended presumably apparently plausible plausibly hypothesize
  hypothesise speculate believe assume arguably approximately about around roughly nearly almost generally typically usually
  often sometimes mostly largely partially partly preliminary would should`
    .split(/\s+/)
    .filter((word) => word !== ''),
)
const quantity = new Set(
  'all every each most many few some several only always any more less fewer least half both one two three four five six seven eight nine ten twice never entire whole exclusively solely at'
    .split(' ')
    .filter((word) => word !== 'at'),
)
/** Longest statement or quotation that is compared, in UTF-16 units. */
const longestRead = 3_000

/** A number with its sign and per cent sign, or a word; "5mg" is a number and a unit, "p53" and "CIFAR10" are words. */
const tokenPattern =
  /(?<number>(?:(?<![\p{L}\p{N}])-)?\d+(?:\.\d+)*(?:\s?(?:%|percent\b|per cent\b))?)|(?<word>\p{L}[\p{L}\p{M}\p{N}]*(?:['’]\p{L}+)?)/gu

/** The same number in the same way: minus signs, ranges and thousands. */
function withPlainNumbers(text: string): string {
  return text
    .replace(/(\d),(?=\d{3}(?!\d))/g, '$1')
    .replace(/(\d)\s?[-‐‑–—−]\s?(?=\d)/g, '$1 ')
    .replace(/[‐‑–—−](?=\d)/g, '-')
    .replace(/n['’]t\b/g, ' not')
}

function tokensOf(text: string): Token[] {
  return Array.from(
    withPlainNumbers(text.slice(0, longestRead)).matchAll(tokenPattern),
    ({ groups }): Token => {
      const { number, word = '' } = groups ?? {}
      if (number !== undefined)
        return { text: number, key: number.replace(/\s?(?:percent|per cent|%)$/, '%'), kind: 'number' }
      const lower = foldText(word).replace(/['’]s?$/, '')
      if (negation.has(lower)) return { text: word, key: lower, kind: 'negation' }
      if (hedge.has(lower)) return { text: word, key: stem(lower), kind: 'hedge' }
      if (quantity.has(lower)) return { text: word, key: lower, kind: 'quantity' }
      return { text: word, key: stem(lower), kind: stopWords.has(lower) ? 'function' : 'content' }
    },
  )
}

/**
 * Everything in which a statement departs from the quotation that it rests on: numbers and their units, names, content
 * words, negations, hedges, quantities, directions and the order of its words. The statement may leave parts of the
 * quotation out; within the part that it takes up, negations, hedges and quantities must all be kept. A statement in the
 * quotation's own words departs in nothing.
 */
export function departures(statement: string, quotation: string): Departure[] {
  const claim = tokensOf(statement)
  const source = tokensOf(quotation)
  const inSource = new Map<string, number>()
  for (const { key } of source) inSource.set(key, (inSource.get(key) ?? 0) + 1)
  const missing = claim.filter(({ key, kind }) => kind !== 'function' && !inSource.has(key))
  const found: Departure[] = missing.map((token) => departureOf(token))
  const aligned = align(claim, source)
  const first = aligned[0]
  const last = aligned.at(-1)
  if (first === undefined || last === undefined) return found
  const region = source.slice(first.source, last.source + 1)
  for (const kind of ['negation', 'hedge', 'quantity'] as const) {
    // "at least", "not only": what stands right before the part taken up governs it.
    const before = source
      .slice(Math.max(0, first.source - 2), first.source)
      .filter((token) => token.kind === kind)
    const wanted = count([...before, ...region], kind)
    const given = count(claim, kind)
    const dropped = [...wanted].filter(([key, times]) => times > (given.get(key) ?? 0)).map(([key]) => key)
    const added = [...given]
      .filter(([key, times]) => inSource.has(key) && times > (wanted.get(key) ?? 0))
      .map(([key]) => key)
    const changed = [...dropped, ...added]
    if (changed.length > 0)
      found.push({
        kind,
        severity: kind === 'quantity' ? 'minor' : kind === 'hedge' ? 'minor' : 'major',
        words: changed,
      })
  }
  const unordered = outOfOrder(claim, aligned, inSource)
  if (unordered.length > 0) found.push({ kind: 'order', severity: 'major', words: unordered })
  found.push(...changedUnits(claim, source, aligned))
  return found
}

function departureOf({ text, kind, key }: Token): Departure {
  if (kind === 'number') return { kind: 'number', severity: 'major', words: [text] }
  if (kind === 'negation' || kind === 'hedge' || kind === 'quantity') {
    return { kind, severity: kind === 'negation' ? 'major' : 'minor', words: [text] }
  }
  if (directionOf(key) !== 0) return { kind: 'direction', severity: 'major', words: [text] }
  if (/^\p{Lu}/u.test(text)) return { kind: 'name', severity: 'major', words: [text] }
  return { kind: 'word', severity: 'major', words: [text] }
}

function count(tokens: readonly Token[], kind: Token['kind']): Map<string, number> {
  const counts = new Map<string, number>()
  for (const token of tokens) if (token.kind === kind) counts.set(token.key, (counts.get(token.key) ?? 0) + 1)
  return counts
}

interface Pair {
  claim: number
  source: number
}

/** The longest common subsequence of the words that are not function words; at most some hundred of each. */
function align(claim: readonly Token[], source: readonly Token[]): Pair[] {
  const own = indexed(claim)
  const other = indexed(source)
  const lengths = Array.from({ length: own.length + 1 }, () => new Uint16Array(other.length + 1))
  for (let row = own.length - 1; row >= 0; row--) {
    for (let column = other.length - 1; column >= 0; column--) {
      lengths[row]![column] =
        claim[own[row]!]!.key === source[other[column]!]!.key
          ? lengths[row + 1]![column + 1]! + 1
          : Math.max(lengths[row + 1]![column]!, lengths[row]![column + 1]!)
    }
  }
  const pairs: Pair[] = []
  let row = 0
  let column = 0
  while (row < own.length && column < other.length) {
    if (claim[own[row]!]!.key === source[other[column]!]!.key)
      pairs.push({ claim: own[row++]!, source: other[column++]! })
    else if (lengths[row + 1]![column]! >= lengths[row]![column + 1]!) row++
    else column++
  }
  return pairs
}

function indexed(tokens: readonly Token[]): number[] {
  return tokens.flatMap(({ kind }, index) => (kind === 'function' ? [] : [index])).slice(0, 400)
}

/** Words of the claim that are in the quotation, but not in this order. */
function outOfOrder(
  claim: readonly Token[],
  aligned: readonly Pair[],
  inSource: ReadonlyMap<string, number>,
): string[] {
  const placed = new Set(aligned.map((pair) => pair.claim))
  return claim
    .filter(
      ({ key, kind }, index) =>
        (kind === 'content' || kind === 'number') && inSource.has(key) && !placed.has(index),
    )
    .map(({ text }) => text)
}

/** A number that stands before another word than in the quotation: "5 mg" for "5 kg". */
function changedUnits(
  claim: readonly Token[],
  source: readonly Token[],
  aligned: readonly Pair[],
): Departure[] {
  return aligned.flatMap(({ claim: at, source: from }): Departure[] => {
    if (claim[at]!.kind !== 'number') return []
    const unit = claim[at + 1]
    const wanted = source[from + 1]
    if (unit === undefined || wanted === undefined || unit.key === wanted.key) return []
    return unit.kind === 'content' ||
      (unit.kind === 'function' && unit.text.length <= 2 && wanted.kind !== 'function')
      ? [{ kind: 'unit', severity: 'major', words: [`${claim[at]!.text} ${unit.text}`] }]
      : []
  })
}
