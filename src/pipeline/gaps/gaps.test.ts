import { expect, test } from 'vitest'
import type { EvidenceSpan, StudyCard } from '../../contract/evidence.ts'
import type { Paper } from '../../contract/paper.ts'
import type { Claim, Matrix, Theme } from '../../contract/synthesis.ts'
import { findGaps, type GapMaterial } from './gaps.ts'

const theme: Theme = {
  id: 't1',
  label: 'Bees',
  description: 'On bees.',
  keywords: [],
  paperIds: ['p1', 'p2', 'p3'],
}
const paper = (id: string, family: string): Paper => ({
  id,
  fields: { title: id, authors: [{ family }], year: 2020 },
  provenance: {},
  records: [id],
  mergedBecause: [],
})
const limitation = (id: string, paperId: string, quotation: string): EvidenceSpan => ({
  id,
  paperId,
  field: 'limitation',
  quotation,
  locator: { document: 'a'.repeat(64), ranges: [{ page: 1, start: 0, end: 9 }] },
  confidence: 0.5,
})
const card = (paperId: string, span: EvidenceSpan): StudyCard => ({
  paperId,
  problem: [],
  method: [],
  dataset: [],
  metric: [],
  result: [],
  limitation: [{ text: span.quotation, spans: [span.id] }],
})
const materialOf = (change: Partial<GapMaterial>): GapMaterial => ({
  themes: [theme],
  cards: [],
  papers: new Map([paper('p1', 'Ash'), paper('p2', 'Beck'), paper('p3', 'Cole')].map((one) => [one.id, one])),
  spans: new Map(),
  matrix: { themes: ['t1'], datasets: [], metrics: [], cells: [] },
  claims: [],
  relations: [],
  ...change,
})

test('a limitation that two papers share comes before one that a single paper names, and cites both', () => {
  const spans = [
    limitation('s1', 'p1', 'The weather of the three summers was unusually dry.'),
    limitation('s2', 'p2', 'Only two colonies of honey bees were observed in the field.'),
    limitation('s3', 'p3', 'Few colonies of honey bees were observed in this field.'),
  ]
  const gaps = findGaps(
    materialOf({
      spans: new Map(spans.map((span) => [span.id, span])),
      cards: spans.map((span) => card(span.paperId, span)),
    }),
  )
  expect(gaps.map(({ spans: ids }) => ids)).toEqual([['s2', 's3'], ['s1']])
  expect(gaps[0]!.description).toBe(
    'Beck (2020) (and 1 more): “Only two colonies of honey bees were observed in the field.”',
  )
  expect(gaps.map(({ id }) => id)).toEqual(['g1', 'g2'])
})

test('a dataset and a metric that two papers use each, but never together, are an opportunity', () => {
  const cell = (dataset: string, metric: string, paperIds: string[]) => ({
    theme: 't1',
    dataset,
    metric,
    paperIds,
    spans: [],
  })
  const matrix: Matrix = {
    themes: ['t1'],
    datasets: ['Apiary', 'Meadow'],
    metrics: ['yield', 'visits'],
    cells: [cell('Apiary', 'yield', ['p1', 'p2']), cell('Meadow', 'visits', ['p2', 'p3'])],
  }
  const gaps = findGaps(materialOf({ matrix }))
  expect(gaps.map(({ origin }) => origin)).toEqual(['empty_cell', 'empty_cell'])
  expect(gaps[0]!.description).toBe(
    'In “Bees”, 2 papers use Apiary and 2 report visits, but none of them reports visits on Apiary.',
  )
})

test('a contradiction asks for an experiment and cites the claims it is between', () => {
  const claim = (id: string, span: string): Claim => ({
    id,
    themeId: 't1',
    text: id,
    spans: [span],
    salience: 1,
    uncertainty: 'high',
  })
  const gaps = findGaps(
    materialOf({
      claims: [claim('c1', 's1'), claim('c2', 's2')],
      relations: [
        { id: 'r1', kind: 'contradiction', themeId: 't1', claims: ['c1', 'c2'], statement: 'They differ.' },
        { id: 'r2', kind: 'agreement', themeId: 't1', claims: ['c1', 'c2'], statement: 'They agree.' },
      ],
    }),
  )
  expect(gaps).toEqual([
    expect.objectContaining({ kind: 'next_experiment', description: 'They differ.', spans: ['s1', 's2'] }),
  ])
})
