import type { Paper } from '../../contract/paper.ts'

/** The part of a paper that a bibliography is made from. */
export type CitedPaper = Pick<Paper, 'id' | 'fields'>

const unimportant = new Set(
  'a an the on of in for to and with from by at as is are how what why when can do does das der die ein eine le la les un une el los las il'.split(
    ' ',
  ),
)

/**
 * A citation key for each paper, by its id: family name, year and first telling word of the title in lower-case ASCII
 * (`lovelace1843engine`). Papers with one key get `a`, `b`, … in order of their ids, so that keys do not depend on the
 * order of the papers.
 */
export function citationKeys(papers: readonly CitedPaper[]): Map<string, string> {
  const groups = new Map<string, string[]>()
  for (const { id, fields } of papers) {
    const family = ascii(fields.authors[0]?.family ?? 'anonymous') || 'anonymous'
    const words = fields.title.split(/[^\p{L}\p{N}]+/u).map(ascii)
    const word = words.find((candidate) => candidate.length > 1 && !unimportant.has(candidate)) ?? ''
    const key = `${family}${fields.year ?? ''}${word}`.slice(0, 60)
    groups.set(key, [...(groups.get(key) ?? []), id])
  }
  const keys = new Map<string, string>()
  const taken = new Set(groups.keys())
  for (const [key, ids] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const sorted = [...new Set(ids)].sort()
    for (const [index, id] of sorted.entries()) {
      let candidate = sorted.length === 1 ? key : key + letters(index)
      for (let again = 2; sorted.length > 1 && taken.has(candidate); again++) {
        candidate = `${key}${letters(index)}-${again}`
      }
      taken.add(candidate)
      keys.set(id, candidate)
    }
  }
  return keys
}

/** 0, 1, …, 25, 26 as `a`, `b`, …, `z`, `ba`. */
function letters(index: number): string {
  const rest = String.fromCharCode(97 + (index % 26))
  return index < 26 ? rest : letters(Math.floor(index / 26)) + rest
}

/** Letters that do not decompose, as they are usually written without their mark. */
const plainLetters: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
}

function ascii(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[ßæœøłđðþı]/g, (letter) => plainLetters[letter] ?? '')
    .replace(/[^a-z0-9]/g, '')
}
