import type { Corpus } from '../corpus/corpus.ts'
import { papersOfProfile, profiles } from '../corpus/facets.ts'
import { hashOf } from '../corpus/random.ts'
import type { PaperService } from '../corpus/services.ts'
import type { Expression } from './expression.ts'
import { contentWordsOf, type Field, profilesIn, profilesWith } from './vocabulary.ts'

/** Profiles with scores, best is highest. */
export type Scores = ReadonlyMap<number, number>

const everything: Scores = new Map(Array.from({ length: profiles }, (_, profile) => [profile, 0]))

/** Scores of what an expression finds; ranges find everything and are left to {@link SearchRequest.accept}. */
export function evaluate(
  expression: Expression,
  fields: Readonly<Record<string, Field | 'category'>>,
): Scores {
  switch (expression.kind) {
    case 'phrase': {
      const field = expression.field === undefined ? 'any' : (fields[expression.field.toLowerCase()] ?? 'any')
      return field === 'category' ? profilesIn(expression.text) : profilesWith(expression.text, field)
    }
    case 'range':
      return everything
    case 'without': {
      const without = evaluate(expression.left, fields)
      return new Map([...evaluate(expression.kept, fields)].filter(([profile]) => !without.has(profile)))
    }
    case 'or': {
      const scores = new Map<number, number>()
      for (const part of expression.parts)
        for (const [profile, score] of evaluate(part, fields))
          scores.set(profile, Math.max(score, scores.get(profile) ?? 0))
      return scores
    }
    case 'and': {
      const [first = new Map<number, number>(), ...others] = expression.parts.map((part) =>
        evaluate(part, fields),
      )
      const common = [...first].filter(([profile]) => others.every((other) => other.has(profile)))
      return new Map(
        common.map(([profile, score]) => [
          profile,
          others.reduce((sum, other) => sum + other.get(profile)!, score),
        ]),
      )
    }
  }
}

/** Scores of plain words, of which a share must be there: what services without operators do. */
export function evaluateWords(text: string, share: number): Scores {
  const words = [...new Set(contentWordsOf(text))]
  const scores = new Map<number, { score: number; words: number }>()
  for (const word of words) {
    for (const [profile, score] of profilesWith(word)) {
      const so = scores.get(profile) ?? { score: 0, words: 0 }
      scores.set(profile, { score: so.score + score, words: so.words + 1 })
    }
  }
  return new Map(
    [...scores]
      .filter(([, found]) => found.words >= words.length * share)
      .map(([profile, { score }]) => [profile, score]),
  )
}

/** What to look for. */
export interface SearchRequest {
  /** Names the search among those kept: same key, same answer. */
  readonly key: string
  readonly service: PaperService
  readonly scores: () => Scores
  /** Papers to leave out; must be cheap. */
  readonly accept?: (index: number) => boolean
  readonly newestFirst?: boolean
}

const mostKept = 24

/** Finds papers of a corpus: all that match, best profiles first, papers of equal score in an order of the seed's. */
export function createSearch(corpus: Corpus) {
  const kept = new Map<string, Uint32Array>()

  function collect({
    service,
    scores,
    accept = () => true,
    newestFirst = false,
  }: SearchRequest): Uint32Array {
    const groups = new Map<number, number[]>()
    for (const [profile, score] of scores()) {
      const rounded = Math.round(score * 1_000)
      const group = groups.get(rounded) ?? []
      groups.set(rounded, group)
      for (const index of papersOfProfile(corpus.seed, corpus.size, profile)) {
        if (corpus.isIn(index, service) && accept(index)) group.push(index)
      }
    }
    const ordered = [...groups].sort(([a], [b]) => b - a)
    const found = ordered.flatMap(([, group]) =>
      group
        .map((index) => ({ index, order: hashOf(corpus.seed, index, 95) }))
        .sort((a, b) => a.order - b.order),
    )
    if (newestFirst) found.sort((a, b) => corpus.yearOf(b.index) - corpus.yearOf(a.index))
    return Uint32Array.from(found, ({ index }) => index)
  }

  return {
    /** Indices of all papers found, in order. The last few searches are kept, four bytes for each paper. */
    find(request: SearchRequest): Uint32Array {
      const key = `${request.service} ${request.key}`
      const found = kept.get(key) ?? collect(request)
      kept.delete(key)
      kept.set(key, found)
      if (kept.size > mostKept) kept.delete(kept.keys().next().value!)
      return found
    },
  }
}
export type Search = ReturnType<typeof createSearch>
