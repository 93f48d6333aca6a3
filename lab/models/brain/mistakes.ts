import { chanceOf } from '../chance.ts'

type Entry = Record<string, unknown>

/**
 * Makes a share of the entries of an answer wrong, in the ways in which models are: a quotation altered, an identifier
 * made up, an entry left out. Gives how many; none of a plan, which has no entries to be held to anything.
 */
export function withMistakes(
  answer: Readonly<Record<string, unknown>>,
  share: number,
  ...keys: readonly (string | number)[]
): { answer: Record<string, unknown>; mistakes: number } {
  const [name, entries] = Object.entries(answer)[0] ?? []
  if (name === undefined || Object.keys(answer).length > 1 || !Array.isArray(entries))
    return { answer: { ...answer }, mistakes: 0 }
  let mistakes = 0
  const given = (entries as Entry[]).flatMap((entry, place) => {
    if (chanceOf(...keys, place, 'whether') >= share) return [entry]
    mistakes++
    return mistaken(entry, chanceOf(...keys, place, 'which'))
  })
  return { answer: { [name]: given }, mistakes }
}

function mistaken(entry: Entry, which: number): Entry[] {
  const { quotation, id, spans, claims } = entry
  if (typeof quotation === 'string') return [{ ...entry, quotation: altered(quotation) }]
  if (Array.isArray(spans)) return which < 0.5 ? [{ ...entry, spans: ['s0123456789ab'] }] : []
  if (Array.isArray(claims)) return [{ ...entry, claims: ['c0123456789ab', claims[0]] }]
  if (typeof id === 'string') return which < 0.5 ? [{ ...entry, id: `${id}0` }] : []
  return []
}

/** Another figure where there is one, else other words at the end. */
function altered(quotation: string): string {
  const other = quotation.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10))
  return other === quotation ? quotation.replace(/\S+$/, 'as was to be expected.') : other
}
