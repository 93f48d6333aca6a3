import { fold } from '../../evidence/normalise.ts'

const smallNumbers = 'zero one two three four five six seven eight nine ten eleven twelve'
  .split(' ')
  .map((name, value) => ({ name: new RegExp(`\\b${name}\\b`, 'i'), value: String(value) }))

/**
 * Figures of a text that stand in none of its sources, as written. A model that compares words may pass a wrong figure;
 * this does not. Thousands may be parted by commas, a nought before the point left out, and small numbers written as words.
 */
export function figuresBeyond(text: string, sources: readonly string[]): string[] {
  const known = new Set(
    sources.flatMap((source) => [
      ...figuresIn(source),
      ...smallNumbers.flatMap(({ name, value }) => (name.test(source) ? [value] : [])),
    ]),
  )
  return figuresIn(text).filter((figure) => !known.has(figure))
}

function figuresIn(text: string): string[] {
  const whole = fold(text)
    .text.replace(/(?<!\d),(?=\d)/g, ' ')
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '')
    .replace(/(?<!\d)\.(?=\d)/g, '0.')
  return whole.match(/\d+(?:[.,]\d+)*/g) ?? []
}
