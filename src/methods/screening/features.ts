import { stem } from '../text/stems.ts'
import { tokenize } from '../text/tokens.ts'

/** Rows of numbers of which most are zero, stored as compressed rows: row i holds entries `[starts[i], starts[i + 1])`. */
export interface SparseMatrix {
  rowCount: number
  columnCount: number
  starts: Int32Array
  columns: Int32Array
  values: Float32Array
}

/** Texts as TF-IDF rows of unit length, and the words that the columns stand for. */
export interface TextFeatures {
  matrix: SparseMatrix
  /** Readable name of a column: the commonest written form of its stem. */
  termOf(column: number): string
}

/** Terms in nearly every text tell nothing; terms in one text cannot carry a judgement to another. */
const mostDocuments = 0.95
const fewestDocuments = 2

/** Below 1: a rare word counts less than its rarity says, since one shared rare word says little about relevance. */
const idfExponent = 0.6

/**
 * TF-IDF of stems: (1 + ln tf) × (ln((1 + N) / (1 + n)) + 1)^0.6, rows scaled to unit length. Pairs of words and runs of
 * characters were tried and do not help (docs/notes/05-screening-with-few-labels.md).
 */
export function createTextFeatures(texts: readonly (readonly string[])[]): TextFeatures {
  const surfaces = createSurfaceForms()
  const counts = texts.map((parts) => countTerms(parts, surfaces))
  const documentsWith = new Map<string, number>()
  for (const terms of counts) {
    for (const term of terms.keys()) documentsWith.set(term, (documentsWith.get(term) ?? 0) + 1)
  }

  const rowCount = texts.length
  const columnOf = new Map<string, number>()
  const names: string[] = []
  const idf: number[] = []
  for (const [term, documents] of documentsWith) {
    if (documents < fewestDocuments || documents > Math.max(fewestDocuments, mostDocuments * rowCount))
      continue
    columnOf.set(term, names.length)
    names.push(term)
    idf.push((Math.log((1 + rowCount) / (1 + documents)) + 1) ** idfExponent)
  }

  const starts = new Int32Array(rowCount + 1)
  const columns: number[] = []
  const values: number[] = []
  for (const [row, terms] of counts.entries()) {
    const start = columns.length
    let squares = 0
    for (const [term, count] of terms) {
      const column = columnOf.get(term)
      if (column === undefined) continue
      const value = (1 + Math.log(count)) * idf[column]!
      columns.push(column)
      values.push(value)
      squares += value * value
    }
    const length = Math.sqrt(squares) || 1
    for (let entry = start; entry < values.length; entry++) values[entry]! /= length
    starts[row + 1] = columns.length
  }
  return {
    matrix: {
      rowCount,
      columnCount: names.length,
      starts,
      columns: Int32Array.from(columns),
      values: Float32Array.from(values),
    },
    termOf: (column) => surfaces.commonest(names[column]!),
  }
}

interface SurfaceForms {
  note(root: string, word: string): void
  commonest(root: string): string
}

/** Keeps how often each stem was written how, since "nudg" means nothing to a reader. */
function createSurfaceForms(): SurfaceForms {
  const forms = new Map<string, Map<string, number>>()
  return {
    note(root, word) {
      const known = forms.get(root) ?? new Map<string, number>()
      if (known.size === 0) forms.set(root, known)
      known.set(word, (known.get(word) ?? 0) + 1)
    },
    commonest(root) {
      const [best] = [...(forms.get(root) ?? [])].sort(
        ([leftWord, left], [rightWord, right]) => right - left || (leftWord < rightWord ? -1 : 1),
      )
      return best?.[0] ?? root
    },
  }
}

function countTerms(parts: readonly string[], surfaces: SurfaceForms): Map<string, number> {
  const counts = new Map<string, number>()
  for (const part of parts) {
    for (const word of tokenize(part, { stem: false, compounds: false })) {
      const root = stem(word)
      surfaces.note(root, word)
      counts.set(root, (counts.get(root) ?? 0) + 1)
    }
  }
  return counts
}
