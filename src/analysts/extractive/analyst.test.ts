import { describe, expect, it } from 'vitest'
import { measureAnswers, measureStances } from '../../../bench/quality/audit.ts'
import { describeWith, labelledSetsFolder } from '../../../test/support/corpora.ts'
import type { EvidenceField, EvidenceSpan, StudyCard } from '../../contract/evidence.ts'
import type { Paper } from '../../contract/paper.ts'
import { claimSchema, type Theme } from '../../contract/synthesis.ts'
import { createExtractiveAnalyst } from './analyst.ts'
import { stanceOf } from './relate.ts'

const analyst = createExtractiveAnalyst()
const sentences: [string, EvidenceField, string][] = [
  ['p1', 'method', 'We propose a two-point calibration of glow lanterns.'],
  ['p1', 'result', 'Two-point calibration reduced the drift of glow lanterns in the northern harbour.'],
  ['p1', 'limitation', 'The calibration may not hold in fog, which we could not test with our small sample.'],
  ['p2', 'result', 'The drift of glow lanterns was reduced by calibration in every harbour of the estuary.'],
  ['p3', 'result', 'Calibration increased the drift of glow lanterns in the southern harbour.'],
]
const spans = new Map(
  sentences.map(([paperId, field, quotation], index): [string, EvidenceSpan] => {
    const locator = {
      document: '0'.repeat(64),
      ranges: [{ page: 1, start: index, end: index + quotation.length }],
    }
    return [`s${index}`, { id: `s${index}`, paperId, field, quotation, locator, confidence: 0.8 }]
  }),
)
const paperIds = ['p1', 'p2', 'p3']
const papers = new Map(
  paperIds.map((id, index): [string, Paper] => [
    id,
    {
      id,
      fields: {
        title: `Drift of glow lanterns ${id}`,
        authors: [{ family: ['Marsh', 'Oduya', 'Renn'][index]! }],
        year: 2019 + index,
      },
      provenance: {},
      records: [id],
      mergedBecause: [],
    },
  ]),
)
const cards = paperIds.map((paperId): StudyCard => {
  const entries = (field: EvidenceField) =>
    [...spans.values()]
      .filter((span) => span.paperId === paperId && span.field === field)
      .map(({ id, quotation }) => ({ text: quotation, spans: [id] }))
  return {
    paperId,
    problem: entries('problem'),
    method: entries('method'),
    dataset: [],
    metric: [],
    result: entries('result'),
    limitation: entries('limitation'),
  }
})
const evidence = { spans, papers }
const theme: Theme = { id: 't1', label: 'Drift', description: 'Three papers.', keywords: ['drift'], paperIds }

async function review() {
  const plan = await analyst.plan({
    question: 'Does calibration reduce the drift of glow lanterns?',
    sources: [],
  })
  const drafts = await analyst.claims({ plan, theme, cards, evidence })
  const claims = drafts.map((draft, index) => ({ id: `c${index}`, themeId: 't1', ...draft }))
  const audits = await analyst.audit({ plan, claims, evidence })
  const relations = await analyst.relate({ plan, theme, claims, evidence })
  return { plan, claims, audits, relations }
}

describe('createExtractiveAnalyst', () => {
  it('makes claims that hold their contract and all pass their audit', async () => {
    const { claims, audits } = await review()
    expect(claims).toHaveLength(5)
    for (const claim of claims) expect(claimSchema.parse(claim)).toEqual(claim)
    expect(audits.map(({ verdict }) => verdict)).toEqual(claims.map(() => 'supported'))
    expect(
      new Set(claims.slice(0, 3).flatMap((claim) => claim.spans.map((id) => spans.get(id)?.paperId))).size,
    ).toBe(3)
  })

  it('is unsure where the authors are', async () => {
    const { claims } = await review()
    expect(claims.find(({ text }) => text.includes('fog'))?.uncertainty).toBe('high')
    expect(claims.find(({ text }) => text.includes('northern'))?.uncertainty).toBe('low')
  })

  it('finds who agrees and who does not', async () => {
    const { claims, relations } = await review()
    const paperOf = (id: string) => spans.get(claims.find((claim) => claim.id === id)!.spans[0]!)!.paperId
    const found = relations.map(({ kind, claims: ids }) => [kind, ids.map(paperOf).toSorted().join(' ')])
    expect(found).toContainEqual(['agreement', 'p1 p2'])
    expect(found).toContainEqual(['contradiction', 'p1 p3'])
  })

  it('answers from the evidence, or not at all', async () => {
    const answer = await analyst.answer({
      question: 'Is the drift of lanterns reduced by calibration?',
      evidence,
    })
    expect(answer?.sentences[0]?.spans[0]).toMatch(/^s[13]$/)
    expect(
      await analyst.answer({ question: 'Do statins prevent myocardial infarction?', evidence }),
    ).toBeUndefined()
    expect(await analyst.answer({ question: '', evidence })).toBeUndefined()
    expect(
      await analyst.answer({ question: 'drift', evidence: { spans: new Map(), papers } }),
    ).toBeUndefined()
  })

  it('names themes, one each', async () => {
    const { plan } = await review()
    const themes = [
      { paperIds: ['p1', 'p2'], keywords: ['drift'] },
      { paperIds: ['p3'], keywords: ['harbour'] },
    ]
    const names = await analyst.label({ plan, themes, papers })
    expect(names).toHaveLength(2)
    for (const { label, description } of names) expect(label.length * description.length).toBeGreaterThan(0)
  })

  it('gives the same in every run', async () => expect(await review()).toEqual(await review()))

  it('stops before it begins when it is not wanted any more', async () => {
    const gone = AbortSignal.abort(new Error('gone'))
    await expect(analyst.plan({ question: 'drift', sources: [] }, gone)).rejects.toThrow('gone')
  })
})

describe('stanceOf', () => {
  it('sees no relation between different matters, kinds of judgement, or without a direction', () => {
    const drift = 'Calibration reduced the drift of glow lanterns in the harbour.'
    expect(stanceOf(drift, 'Statins reduced the risk of infarction in diabetics.')).toBeUndefined()
    expect(stanceOf(drift, 'Calibration of glow lanterns treats drift in the harbour.')).toBeUndefined()
    expect(
      stanceOf(drift, 'Calibration gave better glow lanterns, with drift in the harbour.'),
    ).toBeUndefined()
  })

  it('takes a null result for the opposite of an effect', () => {
    const kind = stanceOf(
      'Calibration reduced the drift of glow lanterns in the harbour.',
      'Calibration did not reduce the drift of glow lanterns in the harbour.',
    )?.kind
    expect(kind).toBe('contradiction')
  })
})

describeWith(labelledSetsFolder, 'relations and answers on labelled sets', () => {
  it('are right far more often than a guess', async () => {
    const [agreement, , contradiction] = (await measureStances(labelledSetsFolder)).map(({ value }) => value)
    expect(agreement).toBeGreaterThan(0.6)
    expect(contradiction).toBeGreaterThan(0.7)
    const [right, , silent] = (await measureAnswers(labelledSetsFolder, 40)).map(({ value }) => value)
    expect(right).toBeGreaterThan(0.85)
    expect(silent).toBeGreaterThan(0.9)
  })
})
