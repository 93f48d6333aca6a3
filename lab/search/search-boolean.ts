import type { Corpus } from '../corpus/corpus.ts'
import type { PaperService } from '../corpus/services.ts'
import { type Expression, parseExpression } from './expression.ts'
import { evaluate, type Search } from './search.ts'
import type { Field } from './vocabulary.ts'

/** How a service reads its queries. */
export interface Dialect {
  /** Its prefixes in lower case; all others mean any field. */
  readonly fields: Readonly<Record<string, Field | 'category'>>
  /** What words side by side mean. */
  readonly beside?: 'and' | 'or'
  readonly newestFirst?: boolean
}

/**
 * Finds a service's papers by a boolean query. Ranges are of dates, of which the year counts: a corpus spreads its papers
 * over years and draws the day last.
 * @throws {QuerySyntaxError} when the query cannot be read
 */
export function searchBoolean(
  { corpus, search }: { readonly corpus: Corpus; readonly search: Search },
  service: PaperService,
  query: string,
  { fields, beside = 'and', newestFirst = false }: Dialect,
): Uint32Array {
  const expression = parseExpression(query, beside)
  const years = yearsOf(expression)
  return search.find({
    key: `${newestFirst} ${query}`,
    service,
    scores: () => evaluate(expression, fields),
    accept: (index) =>
      years.every(([from, to]) => corpus.yearOf(index) >= from && corpus.yearOf(index) <= to),
    newestFirst,
  })
}

/** The years that a query's ranges leave, each from and to. */
function yearsOf(expression: Expression): [number, number][] {
  if (expression.kind === 'range')
    return [[Number(expression.from.slice(0, 4)), Number(expression.to.slice(0, 4))]]
  return expression.kind === 'and' ? expression.parts.flatMap(yearsOf) : []
}
