import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StudyCard } from '../../contract/evidence.ts'
import type { BibliographicRecord, Paper } from '../../contract/paper.ts'
import { type ScreeningDecision, tiers } from '../../contract/screening.ts'
import { countFlow } from './prisma.ts'

/** A review of any shape: papers with any number of records, read or not, screened or not. */
const review = fc
  .array(
    fc.record({
      records: fc.integer({ min: 1, max: 3 }),
      tier: fc.option(fc.constantFrom(...tiers), { nil: undefined }),
      state: fc.constantFrom('none', 'withheld', 'unreadable', 'silent', 'read'),
    }),
    { maxLength: 30 },
  )
  .map((works) => {
    const records: BibliographicRecord[] = []
    const papers: Paper[] = []
    const decisions: ScreeningDecision[] = []
    const cards: StudyCard[] = []
    for (const [index, { records: count, tier, state }] of works.entries()) {
      const id = `p${index}`
      const keys = Array.from({ length: count }, (_, copy) => `library:${index}-${copy}`)
      const fields = { title: id, authors: [] }
      for (const key of keys) records.push({ key, source: 'library', reference: key, fields, origins: {} })
      papers.push({
        id,
        fields,
        provenance: {},
        records: keys,
        mergedBecause: [],
        ...(state === 'silent' || state === 'read' ? { document: 'd'.repeat(64) } : {}),
        ...(state === 'unreadable' ? { failure: { code: 'damaged', message: 'broken' } } : {}),
        ...(state === 'withheld'
          ? { failure: { code: 'refused_by_host', message: 'no' }, retrieval: [] }
          : {}),
      })
      if (tier)
        decisions.push({ paperId: id, tier, reason: 'relevant', score: 0, rationale: '', decidedBy: 'rule' })
      const empty = { paperId: id, problem: [], method: [], dataset: [], metric: [], limitation: [] }
      if (tier === 'core' && state === 'read') cards.push({ ...empty, result: [{ text: 'x', spans: ['s'] }] })
      if (tier === 'core' && state === 'silent') cards.push({ ...empty, result: [] })
    }
    return { records, papers, decisions, cards }
  })

const sum = (counts: { papers: number }[]) => counts.reduce((total, { papers }) => total + papers, 0)

test('the sums of the flow hold for any review', () => {
  fc.assert(
    fc.property(review, (material) => {
      const flow = countFlow(material)
      const identified = flow.identified.reduce((total, { records }) => total + records, 0)
      expect(identified - flow.duplicatesRemoved - sum(flow.unreadable)).toBe(flow.screened)
      expect(flow.screened - sum(flow.excluded) - sum(flow.background)).toBe(flow.sought)
      expect(flow.sought - sum(flow.notRetrieved)).toBe(flow.assessed)
      expect(flow.assessed - sum(flow.notRead)).toBe(flow.included)
      expect(flow.included).toBe(material.cards.filter((card) => card.result.length > 0).length)
    }),
  )
})
