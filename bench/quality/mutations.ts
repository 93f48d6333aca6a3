/** Ways to change what a quotation says by one small step. */
export type Mutation =
  | 'another number'
  | 'a moved decimal point'
  | 'a "not" more'
  | 'a "not" less'
  | 'another word'
  | 'a word less'
  | 'two words swapped'
  | 'a comparison turned'
  | 'a negative prefix cut off'

/**
 * The changes that can be made to a quotation, at most one of each kind, at a place that depends on the text alone.
 * `words` are words of the same document, of which one is put in the place of another.
 */
export function mutations(
  quotation: string,
  words: readonly string[],
): { mutation: Mutation; changed: string }[] {
  const seed = quotation.length
  const found: { mutation: Mutation; changed: string }[] = []
  const change = (mutation: Mutation, pattern: RegExp, by: (match: RegExpExecArray) => string): void => {
    const matches = [...quotation.matchAll(pattern)]
    const match = matches[seed % matches.length]
    if (!match) return
    const changed =
      quotation.slice(0, match.index) + by(match) + quotation.slice(match.index + match[0].length)
    if (changed !== quotation) found.push({ mutation, changed })
  }
  const other = (word: string): string =>
    words.find((candidate, index) => index >= seed % words.length && candidate !== word) ?? 'otherwise'
  change('another number', /\d/g, ([digit]) => String((Number(digit) + 1) % 10))
  change('a moved decimal point', /(\d)\.(\d)(?!\d*\.)/g, ([, before, after]) => `${before}${after}.`)
  change(
    'a "not" more',
    /\b(?:is|was|are|were|can|do|does|did|will|has|have|should)\b(?! not)/g,
    ([verb]) => `${verb} not`,
  )
  change('a "not" less', /\b(?:not|no|never|cannot|without) /g, ([word]) =>
    word === 'cannot ' ? 'can ' : '',
  )
  change('another word', /\b[a-z]{5,}\b/g, ([word]) => other(word))
  change('a word less', /\b[a-z]{3,} (?=[a-z])/g, () => '')
  change('two words swapped', /\b([a-z]{3,}) ([a-z]{3,})\b/g, ([, one, two]) => `${two} ${one}`)
  change('a comparison turned', /[<>]/g, ([sign]) => (sign === '<' ? '>' : '<'))
  const prefixed =
    /\b(?:in|un|non-?|dis|im|ir)(?=(?:significant|able|likely|linear|parametric|similar|proved|reliable|sufficient|consistent|dependent|equal|known|like|observed|balanced|supervised|possible|regular|complete|correct|direct|finite|stationary|trivial|weighted|stable|related|biased|certain|effective|efficient|appropriate)[a-z]*\b)/.exec(
      quotation,
    )
  // A short rest may stand elsewhere in the sentence, rightly.
  if (prefixed && quotation.length - prefixed.index > 50) {
    found.push({
      mutation: 'a negative prefix cut off',
      changed: quotation.slice(prefixed.index + prefixed[0].length),
    })
  }
  return found
}
