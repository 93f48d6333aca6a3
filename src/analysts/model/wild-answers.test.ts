import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fakeGateway } from '../../../test/support/fake-gateway.ts'
import type { EvidenceSpan, StudyCard } from '../../contract/evidence.ts'
import type { Paper } from '../../contract/paper.ts'
import { type Plan, planSchema } from '../../contract/plan.ts'
import { screeningDecisionSchema } from '../../contract/screening.ts'
import { auditSchema, type Claim, claimSchema, relationSchema, type Theme } from '../../contract/synthesis.ts'
import { SheafError } from '../../errors.ts'
import { admitQuotations } from '../../evidence/admit.ts'
import { createModelAnalyst } from './analyst.ts'

const plan: Plan = {
  question: 'Do lanterns drift?',
  researchQuestions: ['Do lanterns drift?'],
  inclusion: [],
  exclusion: [],
  concepts: [{ term: 'lantern', synonyms: [] }],
  sources: [],
}
const pages = [
  {
    number: 1,
    text: 'The lanterns drifted by 3.8 cm in fog.',
    width: 1,
    height: 1,
    lines: [],
    boxes: new Uint8Array(),
  },
]
const papers = ['p1', 'p2', 'p3'].map((id): Paper => {
  return {
    id,
    fields: { title: 'Lanterns', authors: [] },
    provenance: {},
    records: [id],
    mergedBecause: [],
    document: 'a'.repeat(64),
  }
})
const spans = new Map(
  papers.map(({ id: paperId }, index): [string, EvidenceSpan] => {
    const locator = { document: 'a'.repeat(64), ranges: [{ page: 1, start: 0, end: 38 }] }
    return [
      `s${index}`,
      { id: `s${index}`, paperId, field: 'result', quotation: pages[0]!.text, locator, confidence: 1 },
    ]
  }),
)
const evidence = { spans, papers: new Map(papers.map((paper) => [paper.id, paper])) }
const cards = papers.map(({ id: paperId }, index): StudyCard => {
  const result = [{ text: pages[0]!.text, spans: [`s${index}`] }]
  return { paperId, problem: [], method: [], dataset: [], metric: [], result, limitation: [] }
})
const paperIds = papers.map(({ id }) => id)
const theme: Theme = { id: 't1', label: 'Drift', description: 'Drift.', keywords: [], paperIds }
const claims = [...spans.keys()].map((span, index): Claim => {
  return {
    id: `c${index}`,
    themeId: 't1',
    text: 'It drifted by 3.8 cm.',
    spans: [span],
    salience: 1,
    uncertainty: 'low',
  }
})

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    pages[0]!.text,
    '\u202e',
    'It drifted by 99 cm.',
    '<script>alert(1)</script>',
    'x'.repeat(9_000),
  ),
)
const id = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('p1', 'p2', 'p3', 's0', 's1', 'c0', 'c1', 't1', 'q1') },
  { weight: 1, arbitrary: text },
)
const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -3, max: 3 }))
const nullable = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary)
const ids = fc.array(id, { maxLength: 5 })
const list = <Value>(entry: fc.Arbitrary<Value>) => fc.array(entry, { maxLength: 8 })
/** Every field of every answer at once: each task takes its own. */
const answer = fc.record({
  researchQuestions: list(text),
  inclusion: list(text),
  exclusion: list(text),
  concepts: list(fc.record({ term: text, synonyms: list(text) })),
  decisions: list(
    fc.record({
      id,
      tier: fc.constantFrom('core', 'background', 'exclude'),
      reason: fc.constantFrom('relevant', 'out_of_scope', 'insufficient_detail'),
      score: number,
      rationale: text,
    }),
  ),
  quotations: list(
    fc.record({
      id,
      field: fc.constantFrom('result', 'dataset'),
      quotation: text,
      page: number,
      section: nullable(text),
      text: nullable(text),
      confidence: number,
    }),
  ),
  claims: list(
    fc.record({ text, spans: ids, salience: number, uncertainty: fc.constantFrom('low', 'medium', 'high') }),
  ),
  relations: list(
    fc.record({ kind: fc.constantFrom('agreement', 'contradiction'), claims: ids, statement: text }),
  ),
  verdicts: list(
    fc.record({
      id,
      verdict: fc.constantFrom('supported', 'repaired', 'removed'),
      severity: fc.constantFrom('none', 'minor', 'major'),
      reason: text,
      publishedText: nullable(text),
    }),
  ),
  names: list(fc.record({ id, label: text, description: text })),
  sentences: list(fc.record({ text, spans: ids })),
})

/** What may stand in a report: one line of what can be seen. */
function expectPlain(...texts: (string | undefined)[]) {
  for (const each of texts) expect(each ?? '').not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
}

test('whatever a model answers, results hold their contracts', async () => {
  await fc.assert(
    fc.asyncProperty(answer, async (wild) => {
      const analyst = createModelAnalyst({ gateway: fakeGateway(() => wild), session: 's' })

      const planned = await analyst
        .plan({ question: plan.question, sources: [] })
        .catch((thrown: unknown) => {
          expect(SheafError.isInstance(thrown) && thrown.code).toBe('upstream_failed')
          return plan
        })
      expect(planSchema.parse(planned)).toEqual(planned)
      expectPlain(
        ...planned.researchQuestions,
        ...planned.concepts.flatMap(({ term, synonyms }) => [term, ...synonyms]),
      )

      const decisions = await analyst.screen({ plan, candidates: papers.map((paper) => ({ paper })) })
      expect(decisions.map(({ paperId }) => paperId)).toEqual(paperIds)
      for (const decision of decisions) expect(screeningDecisionSchema.parse(decision)).toEqual(decision)
      expectPlain(...decisions.map(({ rationale }) => rationale))

      const proposals = await analyst.extract({ plan, paper: papers[0]!, pages })
      const admission = admitQuotations(proposals, { paperId: 'p1', document: 'a'.repeat(64), pages })
      for (const { quotation } of admission.spans) expect(pages[0]!.text).toContain(quotation)

      const drafts = await analyst.claims({ plan, theme, cards, evidence })
      for (const draft of drafts) {
        claimSchema.parse({ id: 'c', themeId: 't1', ...draft })
        expect(draft.spans.every((span) => spans.has(span))).toBe(true)
        expectPlain(draft.text)
      }
      expect(new Set(drafts.map((draft) => draft.text)).size).toBe(drafts.length)

      const relations = await analyst.relate({ plan, theme, claims, evidence })
      for (const relation of relations) {
        relationSchema.parse({ id: 'r', themeId: 't1', ...relation })
        expect(relation.claims.every((of) => claims.some((claim) => claim.id === of))).toBe(true)
        expect(new Set(relation.claims).size).toBe(relation.claims.length)
        expectPlain(relation.statement)
      }

      const audits = await analyst.audit({ plan, claims, evidence })
      expect(audits.map(({ claimId }) => claimId)).toEqual(claims.map((claim) => claim.id))
      for (const audit of audits) {
        expect(auditSchema.parse(audit)).toEqual(audit)
        expect(audit.publishedText !== undefined).toBe(['supported', 'repaired'].includes(audit.verdict))
        expect(audit.publishedText ?? '').not.toContain('99')
        expectPlain(audit.reason, audit.publishedText)
      }

      const names = await analyst.label({ plan, themes: [theme, theme], papers: evidence.papers })
      expect(names).toHaveLength(2)
      for (const { label, description } of names) {
        expect(label).toMatch(/\p{L}/u)
        expectPlain(label, description)
      }

      const answered = await analyst.answer({ question: 'How far do lanterns drift in fog?', evidence })
      for (const sentence of answered?.sentences ?? []) {
        expect(sentence.spans.length > 0 && sentence.spans.every((span) => spans.has(span))).toBe(true)
        expect(sentence.text).not.toContain('99')
        expectPlain(sentence.text)
      }
    }),
    { numRuns: 150 },
  )
})
