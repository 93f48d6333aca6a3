import { hashOf } from './random.ts'

/** Papers that one corpus may have: an arXiv identifier holds no more. */
export const mostPapers = 1_000_000

/**
 * Every identifier is written from a paper's index and read back to it by arithmetic, so that no table of identifiers is
 * needed at any size. The prefix 10.5555 is registered for DOIs that stand for nothing.
 */
export const doiOf = (index: number): string => `10.5555/lab.${index.toString(36).padStart(5, '0')}`
export const openAlexIdOf = (index: number): string => `W${4_100_000_000 + index}`
export const pmidOf = (index: number): string => `${31_000_000 + index}`
export const pmcidOf = (index: number): string => `PMC${8_000_000 + index}`
export const corpusIdOf = (index: number): number => 250_000_000 + index
export const coreIdOf = (index: number): number => 130_000_000 + index

/** 40 hexadecimal digits: a hash of the index, then the index. */
export function paperIdOf(index: number): string {
  const parts = [1, 2, 3, 4].map((part) => hashOf(index, part))
  return [...parts, index].map((part) => part.toString(16).padStart(8, '0')).join('')
}

/**
 * `YYMM.NNNNN` of a paper of that year, which must be from 2008 to 2099. The last five digits of the index are the
 * number, and the rest decides on the month, so that no two papers of a number share a month.
 */
export function arxivIdOf(index: number, year: number): string {
  const digits = index % 100_000
  const month = 1 + ((Math.floor(index / 100_000) + digits) % 12)
  return `${String(year % 100).padStart(2, '0')}${String(month).padStart(2, '0')}.${String(digits).padStart(5, '0')}`
}

/** The index of the paper that has an identifier of that form, whether or not there is such a paper. */
export const indexOf = {
  doi: (doi: string) => whole(/^10\.5555\/lab\.([0-9a-z]{5})$/i.exec(doi)?.[1], 36, 0),
  openAlex: (id: string) => whole(/^W(\d{10})$/i.exec(id)?.[1], 10, 4_100_000_000),
  pmid: (id: string) => whole(/^(\d{8})$/.exec(id)?.[1], 10, 31_000_000),
  pmcid: (id: string) => whole(/^PMC(\d{7})$/i.exec(id)?.[1], 10, 8_000_000),
  corpusId: (id: string) => whole(/^(\d{9})$/.exec(id)?.[1], 10, 250_000_000),
  core: (id: string) => whole(/^(\d{9})$/.exec(id)?.[1], 10, 130_000_000),
  paperId(id: string) {
    const index = whole(/^[0-9a-f]{32}([0-9a-f]{8})$/i.exec(id)?.[1], 16, 0)
    return index !== undefined && paperIdOf(index) === id.toLowerCase() ? index : undefined
  },
  arxiv(id: string) {
    const [, month, digits] = /^\d\d(\d\d)\.(\d{5})$/.exec(id) ?? []
    if (month === undefined || digits === undefined) return undefined
    const rest = (((Number(month) - 1 - (Number(digits) % 12)) % 12) + 12) % 12
    return Number(month) >= 1 && Number(month) <= 12 ? rest * 100_000 + Number(digits) : undefined
  },
} as const satisfies Record<string, (id: string) => number | undefined>

function whole(text: string | undefined, base: number, less: number): number | undefined {
  const index = text === undefined ? Number.NaN : Number.parseInt(text, base) - less
  return index >= 0 ? index : undefined
}
