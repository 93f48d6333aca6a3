import { backgroundFrequency } from './background-frequency.ts'

/** Rarity of a stem that the background does not know, in bits: it stands in fewer than one of 250 abstracts. */
const unknownRarity = 9

const rarities = new Map(
  backgroundFrequency
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [bits, ...stems] = line.split(' ')
      return stems.map((stem): [string, number] => [stem, Number(bits)])
    }),
)

/**
 * How much a stem tells, in bits: -log2 of the share of abstracts of any field in which it stands (Spärck Jones 1972,
 * "A statistical interpretation of term specificity"). From 1.5 for "use" to 9 for what is rare everywhere.
 */
export function rarity(stem: string): number {
  return rarities.get(stem) ?? unknownRarity
}

/** The rarities of distinct stems together. */
export function totalRarity(stems: Iterable<string>): number {
  let sum = 0
  for (const stem of stems) sum += rarity(stem)
  return sum
}

/** Whether a stem is common enough in abstracts to be known: names of programs and people mostly are not. */
export function isKnownStem(stem: string): boolean {
  return rarities.has(stem)
}
