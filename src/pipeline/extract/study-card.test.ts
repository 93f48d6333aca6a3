import { expect, test } from 'vitest'
import type { ProposedQuotation } from '../../analysts/analyst.ts'
import type { EvidenceField, EvidenceSpan } from '../../contract/evidence.ts'
import { fillCard } from './study-card.ts'

const admitted = (id: string, field: EvidenceField, quotation: string, text?: string) => {
  const proposal: ProposedQuotation = { field, quotation, page: 1, confidence: 1, ...(text ? { text } : {}) }
  const span: EvidenceSpan = {
    id,
    paperId: 'p1',
    field,
    quotation,
    locator: { document: 'a'.repeat(64), ranges: [{ page: 1, start: 0, end: 9 }] },
    confidence: 1,
  }
  return { proposal, span }
}

test('entries say the name where one was recognised, else the quotation', () => {
  const card = fillCard('p1', [
    admitted('s1', 'dataset', 'We train on the MNIST dataset of digits.', 'MNIST'),
    admitted('s2', 'result', 'The error falls by half.'),
  ])
  expect(card.dataset).toEqual([{ text: 'MNIST', spans: ['s1'] }])
  expect(card.result).toEqual([{ text: 'The error falls by half.', spans: ['s2'] }])
  expect(card.method).toEqual([])
})

test('entries that say the same are one entry with all their spans', () => {
  const card = fillCard('p1', [
    admitted('s1', 'metric', 'We report accuracy on all tasks.', 'accuracy'),
    admitted('s2', 'metric', 'Accuracy is averaged over runs.', 'Accuracy'),
    admitted('s1', 'metric', 'We report accuracy on all tasks.', 'accuracy'),
  ])
  expect(card.metric).toEqual([{ text: 'accuracy', spans: ['s1', 's2'] }])
})

test('words that do not stand in the quotation are not taken over', () => {
  const card = fillCard('p1', [admitted('s1', 'dataset', 'We train on a set of digits.', 'ImageNet')])
  expect(card.dataset).toEqual([{ text: 'We train on a set of digits.', spans: ['s1'] }])
})
