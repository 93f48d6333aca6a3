import { greekLetters } from '../text/greek-letters.ts'

/** More of a field than this says nothing further about which work it is; a longer one is a fault or an attack. */
const longestField = 20_000

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '-',
  mdash: '-',
  hyphen: '-',
  rsquo: "'",
  lsquo: "'",
  rdquo: '"',
  ldquo: '"',
  szlig: 'ß',
  aelig: 'æ',
  oslash: 'ø',
  oelig: 'œ',
}

/** Latin letters that Unicode does not decompose into a base letter and a mark. */
const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ð: 'd',
  đ: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
  ħ: 'h',
}

/**
 * The letters and digits that all renderings of one text share, in lower case, with single spaces for all that stands
 * between them: without HTML, entities, LaTeX commands, diacritics and punctuation, Greek letters spelt out.
 * Reads the first 20,000 characters.
 */
export function foldText(text: string): string {
  return withoutMarkup(text.slice(0, longestField))
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/[α-ω]/g, (letter) => greekLetters[letter] ?? letter)
    .replaceAll(/[ßæœøðđþłıħ]/g, (letter) => plainLetters[letter] ?? letter)
    .replaceAll(/['’‘`´]/g, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Plain characters from HTML (also escaped twice, as some databases export it) and LaTeX. */
function withoutMarkup(text: string): string {
  return decodeEntities(decodeEntities(text))
    .replaceAll(/<\/?[a-z][^<>]{0,200}>/gi, '')
    .replaceAll(/\\(?:emph|text[a-z]{2}|math[a-z]{2,4}|mbox|ensuremath)\b/g, '')
    .replaceAll(/\\["'`^~=.][ ]?(?=[{a-z])/gi, '')
    .replaceAll(/[{}$]/g, '')
}

function decodeEntities(text: string): string {
  return text.replaceAll(/&(#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z]{2,31});/gi, (whole, name: string) => {
    if (name.startsWith('#')) return fromCodePoint(name) ?? whole
    const known = entities[name.toLowerCase()]
    if (known !== undefined) return known
    const accented = /^([a-z])(?:acute|grave|circ|uml|tilde|cedil|ring|caron|slash)$/i.exec(name)
    if (accented !== null) return accented[1] ?? whole
    return name.toLowerCase() in greekNames ? name : whole
  })
}

const greekNames: Readonly<Record<string, true>> = Object.fromEntries(
  Object.values(greekLetters).map((name) => [name, true]),
)

function fromCodePoint(reference: string): string | undefined {
  const hexadecimal = /^#x/i.test(reference)
  const point = Number.parseInt(reference.slice(hexadecimal ? 2 : 1), hexadecimal ? 16 : 10)
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : undefined
}
