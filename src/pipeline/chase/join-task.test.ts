import { expect, test } from 'vitest'
import type { BibliographicRecord, Paper } from '../../contract/paper.ts'
import { paperOf } from '../../methods/duplicates/merge.ts'
import { joinRecords } from './join-task.ts'

const record = (reference: string, title: string, more: Partial<BibliographicRecord> = {}) => ({
  key: `openalex:${reference}`,
  source: 'openalex',
  reference,
  fields: { title, authors: [{ family: 'Okafor', given: 'Ngozi' }], year: 2020 },
  origins: {},
  ...more,
})
const searched = record('W1', 'Calibration of probabilistic forecasts under shift')
const paper: Paper = paperOf([searched], [])

test('a record of a paper known before is added to it, and the paper stays what it is', () => {
  const again = { ...searched, key: 's2:9', source: 's2', reference: '9', foundBy: 'backward' as const }
  const { found, changed } = joinRecords([paper], [searched, again])
  expect(found).toEqual([])
  expect(changed).toEqual([{ ...paper, records: ['openalex:W1', 's2:9'] }])
})

test('what was not found before becomes a paper, and namesakes are told apart, the older one too', () => {
  const chased = record('W2', 'A survey of ocean buoys', { foundBy: 'forward' })
  const { found, changed } = joinRecords([paper], [searched, chased])
  expect(found.map(({ records, yearSuffix }) => [records, yearSuffix])).toEqual([[['openalex:W2'], 'a']])
  expect(changed.map(({ id, yearSuffix }) => [id, yearSuffix])).toEqual([[paper.id, 'b']])
})

test('nothing new changes nothing', () => {
  expect(joinRecords([paper], [searched])).toEqual({ found: [], changed: [] })
})
