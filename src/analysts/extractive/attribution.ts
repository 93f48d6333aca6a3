import type { EvidenceField } from '../../contract/evidence.ts'
import type { Paper } from '../../contract/paper.ts'
import { shortReference } from '../../methods/references/short-reference.ts'
import { withoutLigatures } from '../../methods/text/ligatures.ts'

/** Verbs by which authors report of themselves, as they stand after "we": present, or a past that needs no agreement. */
const present =
  'propose present introduce describe develop design implement show find demonstrate observe report conclude prove argue suggest investigate study compare evaluate examine analyze analyse use apply employ provide extend address consider combine estimate measure test collect discuss derive establish identify confirm obtain achieve train offer explore assess review adopt build formulate outline revisit simulate reproduce replicate'
const past =
  'proposed presented introduced described developed designed implemented showed found demonstrated observed reported concluded proved argued suggested investigated studied compared evaluated examined analyzed analysed used applied employed provided extended addressed considered combined estimated measured tested collected discussed derived established identified confirmed obtained achieved trained offered explored assessed reviewed adopted built formulated outlined revisited simulated reproduced replicated'
const verbs = new Map([
  ...present.split(' ').map((verb) => [verb, thirdPerson(verb)] as const),
  ...past.split(' ').map((verb) => [verb, verb] as const),
])
const presentOf = new Map(present.split(' ').map((verb) => [thirdPerson(verb), verb] as const))

const byUs =
  /^(?:(?:In|Throughout) this (?:paper|article|work|study|report|thesis|chapter|survey|vignette)(?: here)?,? |Here,? )?[Ww]e (?:(?:also|then|further|first|additionally|therefore|thus|furthermore) )?(have (?:also )?)?(\p{L}+) (.+)$/u
const byPaper =
  /^(?:This|The present) (?:paper|article|work|study|report|thesis|chapter|survey|vignette|manuscript) (?:also )?(\p{L}+) (.+)$/u
/** Words that only the authors may say, or that point out of the sentence. */
const firstPerson =
  /\b(?:we|our|ours|us|I|my|me|ourselves|this (?:paper|article|work|study|section|chapter)|here)\b/i

/** A citation by number, with the space before it. */
const numbered = /,?( ?)\[\d{1,3}(?:[\s,–-]+\d{1,3}){0,12}\]/g

const quotingVerb: Record<EvidenceField, readonly [string, string]> = {
  problem: ['states', 'state'],
  method: ['writes', 'write'],
  dataset: ['writes', 'write'],
  metric: ['writes', 'write'],
  result: ['reports', 'report'],
  limitation: ['notes', 'note'],
}

/**
 * A statement that stands alone in a synthesis: the quotation's own words, said of its authors. "We propose X" becomes
 * "Marsh et al. (2019) propose X" where no other word of the sentence is in the first person; every other sentence is
 * quoted after the authors' names. Nothing is added but the names and the verb.
 */
export function attributed(quotation: string, field: EvidenceField, paper: Paper | undefined): string {
  if (paper === undefined) return quotation
  const who = shortReference(paper)
  // A paper's own "[8]" would be taken for a citation of the review.
  const whole = quotation.replace(numbered, '')
  const single = paper.fields.authors.length < 2
  return (
    indirect(whole, who, single) ??
    quoted(quotation.replace(numbered, '$1[…]'), who, quotingVerb[field][single ? 0 : 1])
  )
}

function indirect(quotation: string, who: string, single: boolean): string | undefined {
  const us = byUs.exec(quotation)
  if (us) {
    const [, have = '', printed, rest] = us
    const verb = withoutLigatures(printed!)
    const agreeing = verbs.get(verb)
    if (agreeing === undefined || firstPerson.test(rest!) || (have !== '' && !isPast(verb))) return undefined
    if (have !== '') return `${who} ${have.replace('have', single ? 'has' : 'have')}${verb} ${rest}`
    return `${who} ${single ? agreeing : verb} ${rest}`
  }
  const paper = byPaper.exec(quotation)
  if (paper) {
    const [, printed, rest] = paper
    const verb = withoutLigatures(printed!)
    const plural = presentOf.get(verb) ?? (isPast(verb) ? verb : undefined)
    if (plural === undefined || firstPerson.test(rest!)) return undefined
    return `${who} ${single ? verb : plural} ${rest}`
  }
  return undefined
}

/** The sentence in quotation marks after the authors' names; marks inside become single ones. */
function quoted(quotation: string, who: string, verb: string): string {
  const inner = quotation.replace(/[“”]/g, (mark) => (mark === '“' ? '‘' : '’'))
  return `${who} ${verb}: “${inner}”`
}

function isPast(verb: string): boolean {
  return verbs.get(verb) === verb
}

function thirdPerson(verb: string): string {
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ies`
  return /(?:s|x|z|ch|sh)$/.test(verb) ? `${verb}es` : `${verb}s`
}
