import { directionOf } from '../../src/analysts/extractive/cues.ts'
import { stem } from '../../src/methods/text/stems.ts'

/** A way to make a statement say what its quotation does not; undefined where the statement gives no handle for it. */
export interface Mutation {
  name: string
  apply(statement: string, other: string): string | undefined
}

const opposites: readonly (readonly [string, string])[] = [
  ['increased', 'decreased'],
  ['increases', 'decreases'],
  ['increase', 'decrease'],
  ['higher', 'lower'],
  ['better', 'worse'],
  ['more', 'less'],
  ['greater', 'smaller'],
  ['reduced', 'increased'],
  ['reduces', 'increases'],
  ['improves', 'worsens'],
  ['improved', 'worsened'],
  ['faster', 'slower'],
  ['lower', 'higher'],
]
const units: readonly (readonly [RegExp, string])[] = [
  [/(\d) ?mg\b/, '$1 kg'],
  [/(\d) ?ml\b/i, '$1 mg'],
  [/(\d) ?%/, '$1'],
  [/(\d+) (?:years?)\b/, '$1 days'],
  [/(\d+) (?:weeks?|days?|months?)\b/, '$1 years'],
  [/(\d+) (?:patients|participants)\b/, '$1 mice'],
]

function replaced(statement: string, pattern: RegExp, by: string): string | undefined {
  const changed = statement.replace(pattern, by)
  return changed === statement ? undefined : changed
}

/** Content words of a statement, those that are no reporting words or names at its beginning. */
function contentWords(statement: string): string[] {
  return statement.match(/\b\p{Ll}{6,}\b/gu) ?? []
}

/** What a careless or dishonest writer might change. */
export const mutations: readonly Mutation[] = [
  {
    name: 'number changed',
    apply: (statement) => {
      const match = /(?<![\p{L}\p{N}.,-])\d+(?:\.\d+)?/u.exec(statement)
      if (!match) return undefined
      const digit = match[0].at(-1)!
      const changed = match[0].slice(0, -1) + String((Number(digit) + 3) % 10)
      return statement.slice(0, match.index) + changed + statement.slice(match.index + match[0].length)
    },
  },
  { name: 'negation dropped', apply: (statement) => replaced(statement, /\b(?:not|no|never|without) /, '') },
  {
    name: 'negation added',
    apply: (statement) =>
      replaced(statement, /\b(is|are|was|were|can|may|did|does|has|have) (?!not|no\b)/, '$1 not '),
  },
  {
    name: 'reservation dropped',
    apply: (statement) =>
      replaced(
        statement,
        /\b(?:may|might|could|possibly|probably|likely|approximately|suggesting that) /,
        '',
      ),
  },
  { name: '“may” made “does”', apply: (statement) => replaced(statement, /\b(?:may|might|could) /, 'does ') },
  {
    name: 'direction turned',
    apply: (statement) => {
      for (const [from, to] of opposites) {
        const changed = replaced(statement, new RegExp(`\\b${from}\\b`), to)
        if (changed !== undefined) return changed
      }
      return undefined
    },
  },
  {
    name: 'unit changed',
    apply: (statement) => {
      for (const [pattern, by] of units) {
        const changed = replaced(statement, pattern, by)
        if (changed !== undefined) return changed
      }
      return undefined
    },
  },
  {
    name: 'other subject',
    apply: (statement, other) => {
      const known = new Set(contentWords(statement).map(stem))
      const [subject] = contentWords(statement)
      const stranger = contentWords(other).find((word) => !known.has(stem(word)))
      return subject === undefined || stranger === undefined
        ? undefined
        : statement.replace(subject, stranger)
    },
  },
  {
    name: 'sides of a comparison exchanged',
    apply: (statement) => {
      const match =
        /(\b\p{Ll}{5,}\b)([^.]{0,60}\b(?:than|compared (?:to|with)|versus)\b[^.]{0,20}?)(\b\p{Ll}{5,}\b)/u.exec(
          statement,
        )
      if (!match || stem(match[1]!) === stem(match[3]!) || directionOf(stem(match[1]!)) !== 0)
        return undefined
      return statement.replace(match[0], `${match[3]}${match[2]}${match[1]}`)
    },
  },
]
