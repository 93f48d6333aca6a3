/** What is searched for. A phrase's words stand next to each other, in order. */
export type Expression =
  | { readonly kind: 'phrase'; readonly text: string; readonly field: string | undefined }
  | { readonly kind: 'range'; readonly field: string; readonly from: string; readonly to: string }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] }
  | { readonly kind: 'without'; readonly kept: Expression; readonly left: Expression }

/** A query that cannot be read. */
export class QuerySyntaxError extends Error {}

const tokenPattern =
  /\s*(?:(?<bracket>[()])|(?<range>[\w.]+):\[(?<from>\S+)\s+TO\s+(?<to>[^\]\s]+)\]|(?:(?<field>[A-Za-z_]+):)?(?:"(?<phrase>[^"]*)"|(?<word>[^\s()"]+)))/gy

interface Token {
  readonly bracket?: string | undefined
  readonly operator?: 'AND' | 'OR' | 'NOT' | undefined
  readonly leaf?: Expression | undefined
}

/**
 * Reads the boolean language that most services share: words and "phrases", with a field before a colon, `AND`, `OR`,
 * `NOT` and `ANDNOT` in capitals, brackets, and ranges `field:[a TO b]`. `and` and `or` bind from left to right alike, as
 * they do in Lucene's classic parser for arXiv; words side by side are joined by `beside`.
 * @throws {QuerySyntaxError} for unbalanced brackets and operators without operands
 */
export function parseExpression(query: string, beside: 'and' | 'or' = 'and'): Expression {
  const tokens = tokensOf(query)
  let at = 0

  function group(): Expression {
    let left = operand()
    while (at < tokens.length && tokens[at]!.bracket !== ')') {
      const operator = tokens[at]!.operator
      if (operator) at++
      if (operator === 'AND' && tokens[at]?.operator === 'NOT') at++
      const isNot = operator === 'NOT' || (operator === 'AND' && tokens[at - 1]?.operator === 'NOT')
      const right = operand()
      if (isNot) left = { kind: 'without', kept: left, left: right }
      else left = joined(operator === undefined ? beside : operator === 'AND' ? 'and' : 'or', left, right)
    }
    return left
  }

  function operand(): Expression {
    const token = tokens[at++]
    if (token?.leaf) return token.leaf
    if (token?.bracket !== '(') throw new QuerySyntaxError('an operator without an operand')
    const inner = group()
    if (tokens[at++]?.bracket !== ')') throw new QuerySyntaxError('a bracket is not closed')
    return inner
  }

  const expression = group()
  if (at < tokens.length) throw new QuerySyntaxError('a bracket is closed that was not opened')
  return expression
}

function joined(kind: 'and' | 'or', left: Expression, right: Expression): Expression {
  return left.kind === kind ? { kind, parts: [...left.parts, right] } : { kind, parts: [left, right] }
}

function tokensOf(query: string): Token[] {
  const tokens: Token[] = []
  const text = query.trim()
  tokenPattern.lastIndex = 0
  while (tokenPattern.lastIndex < text.length) {
    const groups = tokenPattern.exec(text)?.groups
    if (!groups) throw new QuerySyntaxError('a quotation mark is not closed')
    const { bracket, range, from, to, field, phrase, word } = groups
    if (bracket) tokens.push({ bracket })
    else if (range) tokens.push({ leaf: { kind: 'range', field: range, from: from!, to: to! } })
    else if (phrase !== undefined) tokens.push({ leaf: { kind: 'phrase', text: phrase, field } })
    else if (word !== undefined && field === undefined && /^(?:AND|OR|NOT|ANDNOT)$/.test(word))
      tokens.push({ operator: word === 'ANDNOT' ? 'NOT' : (word as 'AND' | 'OR' | 'NOT') })
    else if (word !== undefined) tokens.push({ leaf: { kind: 'phrase', text: word, field } })
  }
  return tokens
}
