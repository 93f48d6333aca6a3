import { expect, test } from 'vitest'
import type { EvidenceSpan } from '../../contract/evidence.ts'
import { numberCitations } from './citations.ts'

const span = (id: string, paperId: string): EvidenceSpan => ({
  id,
  paperId,
  field: 'result',
  quotation: 'It works as was hoped.',
  locator: { document: 'a'.repeat(64), ranges: [{ page: 1, start: 0, end: 22 }] },
  confidence: 1,
})
const spans = new Map([span('s1', 'p1'), span('s2', 'p2'), span('s3', 'p1')].map((one) => [one.id, one]))

test('numbers follow the order of first citation and stay with their span', () => {
  const numbers = numberCitations(spans)
  expect(numbers.cite(['s3', 's2'])).toEqual([1, 2])
  expect(numbers.cite(['s1'])).toEqual([3])
  expect(numbers.cite(['s2', 's3', 's2'])).toEqual([1, 2])
  expect(numbers.citations().map(({ number, span: id }) => [number, id])).toEqual([
    [1, 's3'],
    [2, 's2'],
    [3, 's1'],
  ])
})

test('references are numbered by the order in which their papers are first cited', () => {
  const numbers = numberCitations(spans)
  numbers.cite(['s2'])
  numbers.cite(['s1', 's3'])
  expect(numbers.references()).toEqual([
    { number: 1, paperId: 'p2' },
    { number: 2, paperId: 'p1' },
  ])
})

test('a span that was never admitted cannot be cited', () => {
  expect(() => numberCitations(spans).cite(['s9'])).toThrow(RangeError)
})
