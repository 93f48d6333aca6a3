import type { MaterialLine } from '../../../src/analysts/model/material.ts'
import { linesOfKind } from './read-lines.ts'
import { sentencesOn, shareFound, stemsOf } from './words.ts'

/** Words by which a sentence tells of a field, the surest field first. */
const cues = [
  {
    field: 'limitation',
    most: 3,
    cue: /\b(?:limitations?|limited|caution|could not|cannot|may not|only one|generali[sz]e|weakness|threats?)\b/i,
  },
  {
    field: 'result',
    most: 4,
    cue: /\b(?:reduced|lowered|cut|decreased|raised|increased|lifted|improved|no difference|did not change|stayed within|found|outperform\w*|significant\w*)\b/i,
  },
  {
    field: 'dataset',
    most: 2,
    cue: /\b(?:data ?sets?|corpus|cohort|benchmark|registry|archive|records of)\b/i,
  },
  {
    field: 'metric',
    most: 2,
    cue: /\b(?:measured (?:by|as|with)|accuracy|error rate|scores?|primary outcome|metric)\b/i,
  },
  {
    field: 'method',
    most: 3,
    cue: /\b(?:we (?:propose|introduce|present|use|used|design|designed|compare|compared|assigned|trained|ran|randomi[sz]ed|measured)|was assigned|were assigned|design)\b/i,
  },
  {
    field: 'problem',
    most: 2,
    cue: /\b(?:remains|unclear|little is known|open question|we ask|whether|challenge|problem|unknown)\b/i,
  },
] as const

/** Whole sentences of the pages, chosen by cue words, those with the question's words first. */
export function extract(lines: readonly MaterialLine[]) {
  const asked = stemsOf(linesOfKind(lines, 'review')[0]?.question ?? '')
  const taken = new Set<string>()
  const sentences = linesOfKind(lines, 'page').flatMap(({ number, text }) =>
    sentencesOn(text)
      .filter(
        (sentence) => sentence.length >= 40 && sentence.length <= 400 && /^\p{Lu}.*[.!?]$/u.test(sentence),
      )
      .map((sentence) => ({ page: number, sentence, bears: shareFound(asked, stemsOf(sentence)) })),
  )
  const quotations = cues.flatMap(({ field, most, cue }) =>
    sentences
      .filter(({ sentence }) => cue.test(sentence) && !taken.has(sentence))
      .toSorted((one, other) => other.bears - one.bears)
      .slice(0, most)
      .map(({ sentence, page, bears }) => {
        taken.add(sentence)
        const named = field === 'dataset' || field === 'metric' ? (cue.exec(sentence)?.[0] ?? null) : null
        const confidence = Math.round((0.6 + 0.3 * bears) * 100) / 100
        return { field, quotation: sentence, page, section: null, text: named, confidence }
      }),
  )
  return { quotations }
}

/** The sentence that shares most words with what was rejected, if it shares most of them. */
export function requote(lines: readonly MaterialLine[]) {
  const sentences = linesOfKind(lines, 'page').flatMap(({ number, text }) =>
    sentencesOn(text).map((sentence) => ({ page: number, sentence, stems: stemsOf(sentence) })),
  )
  const quotations = linesOfKind(lines, 'rejected').map(({ id, quotation }) => {
    const wanted = stemsOf(quotation)
    const [best] = sentences
      .map((each) => ({ ...each, share: shareFound(wanted, each.stems) }))
      .toSorted((one, other) => other.share - one.share)
    if (best === undefined || best.share < 0.6) return { id, quotation: null, page: null }
    return { id, quotation: best.sentence, page: best.page }
  })
  return { quotations }
}
