import type { Concept } from '../../contract/plan.ts'
import { tokenize } from '../text/tokens.ts'
import type { Idf } from './idf.ts'

/** The parts of a paper in which concepts are looked for. */
export interface TextFields {
  title: string
  abstract?: string | undefined
  /** Opening of the full text. */
  opening?: string | undefined
}

/** How far a paper treats the concepts of a plan. */
export interface ConceptCoverage {
  /** 0 (none of their words) to 1 (all of them in the title), each concept weighing by its rarity. */
  score: number
  /** Terms of the concepts that are there, in the plan's order. */
  found: string[]
  /** Terms of the others. */
  missing: string[]
}

/** What a concept counts in each field: authors name in the title what a paper is about. */
const fieldWeights = { title: 1, abstract: 0.85, opening: 0.6 } as const
/** Words of a term stand together when no more than this many others stand between them in all. */
const looseWords = 4
/** What a term counts whose words stand in a field but apart. */
const scatteredWeight = 0.5

/**
 * Measures how far a paper treats a plan's concepts. A concept is as present as the best of its term and synonyms in the
 * best field: full when the words stand together, half when they stand apart, and by the rarity of the words that are
 * there when some are missing. It is found when all words of one wording stand in one field.
 */
export function coverConcepts(concepts: readonly Concept[], fields: TextFields, idf: Idf): ConceptCoverage {
  const texts = Object.entries(fieldWeights).map(([field, weight]) => ({
    weight,
    positions: positionsOf(fields[field as keyof TextFields] ?? ''),
  }))
  const found: string[] = []
  const missing: string[] = []
  let covered = 0
  let possible = 0
  for (const { term, synonyms } of concepts) {
    const rarity = mean(wordsOf(term).map(idf))
    let best = 0
    let complete = false
    for (const wording of [term, ...synonyms]) {
      const tokens = wordsOf(wording)
      for (const { weight, positions } of texts) {
        best = Math.max(best, weight * presence(tokens, positions, idf))
        complete ||= tokens.length > 0 && tokens.every((token) => positions.has(token))
      }
    }
    covered += rarity * best
    possible += rarity
    if (complete) found.push(term)
    else missing.push(term)
  }
  return { score: possible === 0 ? 0 : covered / possible, found, missing }
}

/** Each token's places in a text, ascending. */
type Positions = ReadonlyMap<string, readonly number[]>

function positionsOf(text: string): Positions {
  const positions = new Map<string, number[]>()
  for (const [place, token] of tokenize(text, { compounds: false }).entries()) {
    const places = positions.get(token) ?? []
    if (places.length === 0) positions.set(token, places)
    places.push(place)
  }
  return positions
}

function wordsOf(wording: string): string[] {
  return [...new Set(tokenize(wording, { compounds: false }))]
}

/** 1 when the tokens stand together, less when they are apart or some are missing. */
function presence(tokens: readonly string[], positions: Positions, idf: Idf): number {
  const present = tokens.filter((token) => positions.has(token))
  if (present.length === 0) return 0
  if (present.length < tokens.length) return (scatteredWeight * sum(present.map(idf))) / sum(tokens.map(idf))
  return standTogether(tokens, positions) ? 1 : scatteredWeight
}

/** Whether some stretch of the text holds all tokens and few others. Linear in the number of their places. */
function standTogether(tokens: readonly string[], positions: Positions): boolean {
  if (tokens.length === 1) return true
  const places = tokens
    .flatMap((token, number) => (positions.get(token) ?? []).map((place) => ({ place, number })))
    .sort((left, right) => left.place - right.place)
  const last: (number | undefined)[] = tokens.map(() => undefined)
  for (const { place, number } of places) {
    last[number] = place
    const first = Math.min(...last.map((seen) => seen ?? Number.NEGATIVE_INFINITY))
    if (place - first < tokens.length + looseWords) return true
  }
  return false
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length
}
