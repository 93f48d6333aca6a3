import { z } from 'zod'
import type { MaterialLine } from '../../../src/analysts/model/material.ts'
import { claimLines, linesOfKind } from './read-lines.ts'
import { shareFound, stemsOf } from './words.ts'

const order = ['result', 'method', 'limitation', 'problem']

/** One quotation of each paper in turn, results first, said of its authors. */
export function claims(lines: readonly MaterialLine[]) {
  const most = linesOfKind(lines, 'theme')[0]?.most ?? 8
  const references = new Map(linesOfKind(lines, 'paper').map(({ id, reference = id }) => [id, reference]))
  const spoken = new Map<string, number>()
  const turns = linesOfKind(lines, 'quotation')
    .toSorted((one, other) => order.indexOf(one.field) - order.indexOf(other.field))
    .map((quotation) => {
      const turn = spoken.get(quotation.paper) ?? 0
      spoken.set(quotation.paper, turn + 1)
      return { ...quotation, turn }
    })
    .toSorted((one, other) => one.turn - other.turn)
  return {
    claims: turns.slice(0, most).map(({ id, paper, quotation }, place) => ({
      text: said(references.get(paper) ?? paper, quotation),
      spans: [id],
      salience: Math.round((0.95 - 0.04 * place) * 100) / 100,
      uncertainty: /\b(?:may|might|suggests?)\b/.test(quotation) ? 'medium' : 'low',
    })),
  }
}

/** "We found that x" as "Marsh (2019) reports that x". */
function said(reference: string, quotation: string): string {
  const bare = quotation.replace(/^We (?:found|saw|observed|show|report) (?:that )?/, '')
  const inside = /^(?:[A-Z][a-z]+ |A )/.test(bare) ? bare[0]!.toLowerCase() + bare.slice(1) : bare
  return `${reference} reports that ${inside}`
}

const falling = /\b(?:reduced|lowered|cut|decreased|fewer|less|fell)\b/i
const rising = /\b(?:raised|increased|lifted|improved|more|rose)\b/i
const still = /\b(?:no difference|did not|stayed within)\b/i

/** Claims of different papers that share most words, by the direction they take. */
export function relate(lines: readonly MaterialLine[]) {
  const all = claimLines(lines, z.string()).map(({ id, text, papers = [], quotations }) => {
    const words = quotations.join(' ') || text
    const direction = still.test(words)
      ? 'none'
      : falling.test(words)
        ? 'down'
        : rising.test(words)
          ? 'up'
          : undefined
    return { id, papers, stems: stemsOf(words), direction }
  })
  const relations = all.flatMap((one, place) =>
    all.slice(place + 1).flatMap((other) => {
      if (one.papers.some((paper) => other.papers.includes(paper))) return []
      if (one.direction === undefined || other.direction === undefined) return []
      const shared = Math.max(shareFound(one.stems, other.stems), shareFound(other.stems, one.stems))
      if (shared < 0.5) return []
      const agree = one.direction === other.direction
      const statement = agree ? 'Both report the same direction.' : 'They report different directions.'
      return [{ kind: agree ? 'agreement' : 'contradiction', claims: [one.id, other.id], statement }]
    }),
  )
  return { relations: relations.slice(0, 8) }
}

/** By the share of a claim's words that its quotations have. */
export function audit(lines: readonly MaterialLine[]) {
  const cited = z.object({ reference: z.string(), quotation: z.string() })
  const verdicts = claimLines(lines, cited).map(({ id, text, quotations }) => {
    const known = stemsOf(quotations.flatMap(({ reference, quotation }) => [reference, quotation]).join(' '))
    const stems = stemsOf(text.replace(/ reports that /, ' '))
    const share = shareFound(stems, known)
    const reason = `${Math.round(100 * share)} % of the claim's words stand in its quotations.`
    if (share >= 0.9) return { id, verdict: 'supported', severity: 'none', reason, publishedText: null }
    const [first] = quotations
    if (share < 0.5 || first === undefined)
      return { id, verdict: 'removed', severity: 'major', reason, publishedText: null }
    return {
      id,
      verdict: 'repaired',
      severity: 'minor',
      reason,
      publishedText: said(first.reference, first.quotation),
    }
  })
  return { verdicts }
}

/** The quotations that share most words with the question. */
export function answer(lines: readonly MaterialLine[]) {
  const asked = stemsOf(linesOfKind(lines, 'question')[0]?.question ?? '')
  const references = new Map(linesOfKind(lines, 'paper').map(({ id, reference = id }) => [id, reference]))
  const sentences = linesOfKind(lines, 'quotation')
    .map(({ id, paper, quotation }) => ({
      id,
      paper,
      quotation,
      share: shareFound(asked, stemsOf(quotation)),
    }))
    .filter(({ share }) => share >= 0.4)
    .toSorted((one, other) => other.share - one.share)
    .slice(0, 3)
    .map(({ id, paper, quotation }) => ({
      text: said(references.get(paper) ?? paper, quotation),
      spans: [id],
    }))
  return { sentences }
}
