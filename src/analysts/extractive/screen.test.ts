import { describe, expect, it } from 'vitest'
import { measureCorePapers } from '../../../bench/quality/core-papers.ts'
import { describeWith, labelledSetsFolder } from '../../../test/support/corpora.ts'
import type { BibliographicFields } from '../../contract/paper.ts'
import { screeningDecisionSchema } from '../../contract/screening.ts'
import { planReview } from './plan.ts'
import { screenPapers } from './screen.ts'

const plan = planReview({ question: 'How are structural changes in linear models tested?', sources: [] })

function candidate(id: string, fields: Partial<BibliographicFields>, opening?: string) {
  const paper = {
    id,
    fields: { title: id, authors: [], ...fields },
    provenance: {},
    records: [id],
    mergedBecause: [],
  }
  return { paper, opening }
}

const onSubject = candidate('p1', {
  title: 'Testing for structural change in linear regression models',
  abstract: 'We describe tests of structural change in the coefficients of linear models. '.repeat(4),
  year: 2002,
})
const elsewhere = candidate('p2', {
  title: 'Declustering of records on parallel disks',
  abstract: 'Records are placed on several disks so that queries read all of them at once. '.repeat(4),
  year: 2005,
})

describe('screenPapers', () => {
  it('tells papers on the question from others and names the words that decided', () => {
    const [core, background] = screenPapers(plan, [onSubject, elsewhere])
    expect(core).toMatchObject({ paperId: 'p1', tier: 'core', reason: 'relevant', decidedBy: 'extractive' })
    expect(core?.rationale).toContain('“structural changes”')
    expect(core?.rationale).toContain('in the title')
    expect(background).toMatchObject({ tier: 'background', reason: 'out_of_scope' })
    expect(background?.rationale).toContain('nothing on “structural changes”')
  })

  it('wants each concept of a short question named, however well the others are', () => {
    const common = candidate('p7', {
      title: 'Linear models and how they are tested',
      abstract: 'Linear models are fitted to counts and tested against each other. '.repeat(4),
    })
    const [, decision] = screenPapers(plan, [onSubject, common])
    expect(decision).toMatchObject({ tier: 'background', reason: 'out_of_scope' })
    expect(decision?.rationale).toContain('nothing on “structural changes”')
  })

  it('never excludes for a score', () => {
    const decisions = screenPapers(plan, [elsewhere, candidate('p3', { title: 'Untitled' })])
    expect(decisions.map(({ tier }) => tier)).toEqual(['background', 'background'])
    expect(decisions[1]?.reason).toBe('insufficient_detail')
  })

  it('excludes by rule what was retracted or published in other years', () => {
    const dated = planReview({ question: plan.question, sources: [], since: 2004 })
    const retracted = candidate('p4', { ...onSubject.paper.fields, retracted: true })
    expect(screenPapers(dated, [onSubject, retracted]).map(({ reason, tier }) => [tier, reason])).toEqual([
      ['exclude', 'outside_dates'],
      ['exclude', 'retracted'],
    ])
  })

  it('keeps a survey as context, unless surveys are asked for', () => {
    const survey = candidate('p5', {
      ...onSubject.paper.fields,
      title: 'Tests for structural change in linear models: a survey',
    })
    expect(screenPapers(plan, [survey])[0]?.reason).toBe('survey_context')
    const asking = planReview({
      question: 'Which surveys treat structural changes in linear models?',
      sources: [],
    })
    expect(screenPapers(asking, [survey])[0]?.reason).not.toBe('survey_context')
  })

  it('reads the opening where there is no abstract, and bears a hostile one', () => {
    const opening = `Abstract We test for structural change in linear models. ${'structural change in linear models '.repeat(50_000)}`
    const decisions = screenPapers(plan, [candidate('p6', { title: 'A paper' }, opening)])
    expect(decisions[0]?.tier).toBe('core')
    for (const decision of decisions) expect(screeningDecisionSchema.parse(decision)).toEqual(decision)
  })
})

describeWith(labelledSetsFolder, 'core papers of labelled reviews', () => {
  it('are included about twice as often as by a guess', async () => {
    const few = ['cohen_estrogens', 'cohen_nsaids', 'test_prioritization']
    const measures = await measureCorePapers(labelledSetsFolder, (set) => few.includes(set))
    const [recall, precision, guess] = measures.map(({ value }) => value)
    expect(precision).toBeGreaterThan(1.8 * guess!)
    expect(recall).toBeGreaterThan(0.3)
  })
})
