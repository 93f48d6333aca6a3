const token =
  /[ \t\r\n]*(?:(?<string>"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(?<scalar>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|(?<sign>[[\]{}:,]))/uy

type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end'

/**
 * Offset of the first place where a text stops being JSON (RFC 8259), or its length when it only ends too early. V8 names
 * the place in some of its messages only.
 */
export function jsonErrorOffset(text: string): number {
  const open: ('[' | '{')[] = []
  let expected: Expected = 'value'
  token.lastIndex = 0
  for (;;) {
    const at = token.lastIndex
    const groups = token.exec(text)?.groups
    if (!groups) return at + /^\s*/.exec(text.slice(at))![0].length
    const sign = groups.sign
    const start = token.lastIndex - (sign ?? groups.string ?? groups.scalar)!.length
    const next = follow(expected, sign, groups.string !== undefined, open)
    if (next === undefined) return start
    expected = next
  }
}

/** What may come after a token, or `undefined` when it should not stand here. Keeps track of what is open. */
function follow(
  expected: Expected,
  sign: string | undefined,
  isString: boolean,
  open: ('[' | '{')[],
): Expected | undefined {
  const takesValue = expected === 'value' || expected === 'value or end'
  if (sign === undefined) {
    if (expected === 'key' || expected === 'key or end') return isString ? 'colon' : undefined
    return takesValue ? 'comma or end' : undefined
  }
  if (sign === '[' || sign === '{') {
    if (!takesValue) return undefined
    open.push(sign)
    return sign === '[' ? 'value or end' : 'key or end'
  }
  if (sign === ':') return expected === 'colon' ? 'value' : undefined
  if (sign === ',') {
    if (expected !== 'comma or end' || open.length === 0) return undefined
    return open.at(-1) === '[' ? 'value' : 'key'
  }
  const closes = expected.endsWith('or end') && open.at(-1) === (sign === ']' ? '[' : '{')
  if (!closes) return undefined
  open.pop()
  return 'comma or end'
}
