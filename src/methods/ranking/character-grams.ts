import { foldText } from '../text/tokens.ts'

/** Letters of a run: long enough to carry a word's root, short enough to survive an ending or a misspelling. */
const gramLength = 4
/** 26 letters, 10 digits and the space take 37 places of 64; other letters share the rest. */
const alphabet = 64
const mask = alphabet ** gramLength - 1
const space = 0

/**
 * Adds the runs of four characters of a text to `counts`, over word borders, each packed into a 24-bit number. Anything
 * but letters and digits counts as one space. Letters beyond a–z share numbers, which only blurs their runs.
 */
export function countCharacterGrams(text: string, weight: number, counts: Map<number, number>): void {
  let gram = space
  let length = 1
  let last = space
  const push = (symbol: number) => {
    if (symbol === space && last === space) return
    last = symbol
    gram = (gram * alphabet + symbol) & mask
    length += 1
    if (length >= gramLength) counts.set(gram, (counts.get(gram) ?? 0) + weight)
  }
  const folded = foldText(text)
  for (let position = 0; position < folded.length; position++) push(symbolOf(folded.charCodeAt(position)))
  push(space)
}

function symbolOf(code: number): number {
  if (code >= 97 && code <= 122) return code - 96
  if (code >= 48 && code <= 57) return code - 21
  if (code < 128) return space
  return 37 + (code % 27)
}
