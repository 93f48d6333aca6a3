import type { Concept } from '../../contract/plan.ts'
import { tokenize } from '../../methods/text/tokens.ts'
import { keyOf, rarityOfTerm } from './concepts.ts'

/** A text made ready for looking up terms. */
export interface SearchableText {
  /** Where each stem stands, among the text's stems. */
  places: ReadonlyMap<string, readonly number[]>
}

/** Stems of a term may stand this far apart: "change in structure" names "structural change". */
const widestGap = 3

/** The stems of a text and their places. Function words are left out, so "analysis of variance" is two stems. */
export function searchable(text: string): SearchableText {
  const places = new Map<string, number[]>()
  for (const [place, stem] of tokenize(text, { compounds: false }).entries()) {
    const found = places.get(stem)
    if (found) found.push(place)
    else places.set(stem, [place])
  }
  return { places }
}

/** How often a text names a term: its stems stand together, in any order. A term of one stem: how often that stands. */
function countTerm(term: string, { places }: SearchableText): number {
  const [rarest, ...others] = keyOf(term)
    .split(' ')
    .map((stem) => places.get(stem) ?? [])
    .sort((one, other) => one.length - other.length)
  if (!rarest || rarest.length === 0) return 0
  if (others.some((found) => found.length === 0)) return 0
  return rarest.filter((place) =>
    others.every((found) => found.some((other) => other !== place && Math.abs(other - place) <= widestGap)),
  ).length
}

/** The parts of a paper in which concepts are looked for, the most telling first. */
export interface SearchedPaper {
  title: SearchableText
  /** The abstract, or the beginning of the text where there is none. */
  abstract: SearchableText
  opening: SearchableText
}

/** How surely a paper is about a concept: the word that tells it, where, and a strength from 0 to 1. */
export interface ConceptCoverage {
  concept: Concept
  strength: number
  /** The word as the plan has it; undefined when nothing was found. */
  word?: string
  where?: 'title' | 'abstract' | 'opening'
}

/** What another word for a concept counts beside the concept's own. */
const synonymWorth = 0.9

/** Looks for every concept, by its own term or another word for it, in the title, the abstract and the opening. */
export function coverConcepts(concepts: readonly Concept[], paper: SearchedPaper): ConceptCoverage[] {
  return concepts.map((concept) => {
    let best: ConceptCoverage = { concept, strength: 0 }
    for (const [index, word] of [concept.term, ...concept.synonyms].entries()) {
      const worth = index === 0 ? 1 : synonymWorth
      for (const { where, strength } of strengths(word, paper)) {
        if (worth * strength > best.strength) best = { concept, strength: worth * strength, word, where }
      }
    }
    return best
  })
}

function strengths(
  word: string,
  paper: SearchedPaper,
): { where: 'title' | 'abstract' | 'opening'; strength: number }[] {
  const inTitle = countTerm(word, paper.title)
  const inAbstract = countTerm(word, paper.abstract)
  const inOpening = countTerm(word, paper.opening)
  return [
    { where: 'title', strength: inTitle > 0 ? 1 : 0 },
    { where: 'abstract', strength: inAbstract > 1 ? 0.9 : inAbstract > 0 ? 0.75 : 0 },
    { where: 'opening', strength: inOpening >= 6 ? 0.7 : inOpening >= 3 ? 0.5 : inOpening > 0 ? 0.25 : 0 },
  ]
}

/** What the k-th most telling concept adds to what a paper should cover: of a long question nobody covers everything. */
const wantedShare = [1, 1, 0.8, 0.3]
const furtherShare = 0.15
/** Of a question with up to this many concepts a paper has to name each; one that misses any covers no more than this. */
export const fewConcepts = 3
const missingOne = 0.5

/**
 * The share of a question's concepts that a paper covers, 0 to 1, each weighted by how telling its term is. A paper
 * that covers the two most telling concepts and some of the others covers a long question; of a short one it has to name
 * all: what is on linear models but says nothing of structural changes does not answer a question about both.
 */
export function coverageScore(coverages: readonly ConceptCoverage[]): number {
  const weights = coverages.map(({ concept }) => rarityOfTerm(concept.term))
  const wanted = weights
    .toSorted((one, other) => other - one)
    .reduce((sum, weight, rank) => sum + weight * (wantedShare[rank] ?? furtherShare), 0)
  if (wanted === 0) return 0
  const covered = coverages.reduce((sum, { strength }, index) => sum + strength * weights[index]!, 0)
  const isShort = coverages.length <= fewConcepts
  const misses = coverages.some(({ strength }) => strength === 0)
  return Math.min(isShort && misses ? missingOne : 1, covered / wanted)
}
