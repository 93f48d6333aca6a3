import { expect, test } from 'vitest'
import type { StudyCard } from '../../contract/evidence.ts'
import type { Theme } from '../../contract/synthesis.ts'
import { buildMatrix, notNamed } from './matrix.ts'

const theme = (id: string, ...paperIds: string[]): Theme => ({
  id,
  label: id,
  description: id,
  keywords: [],
  paperIds,
})
const card = (paperId: string, datasets: string[], metrics: string[]): StudyCard => ({
  paperId,
  problem: [],
  method: [],
  result: [],
  limitation: [],
  dataset: datasets.map((text) => ({ text, spans: [`${paperId}-${text}`] })),
  metric: metrics.map((text) => ({ text, spans: [`${paperId}-${text}`] })),
})

test('papers meet where they use the same dataset and metric, whatever the case of its name', () => {
  const matrix = buildMatrix(
    [theme('t1', 'p1', 'p2')],
    [card('p1', ['MNIST'], ['Accuracy']), card('p2', ['mnist'], ['accuracy'])],
  )
  expect(matrix.cells).toEqual([
    {
      theme: 't1',
      dataset: 'MNIST',
      metric: 'Accuracy',
      paperIds: ['p1', 'p2'],
      spans: ['p1-MNIST', 'p1-Accuracy', 'p2-mnist', 'p2-accuracy'],
    },
  ])
})

test('a paper that names a metric alone stands beside "not named", which is no dataset', () => {
  const matrix = buildMatrix([theme('t1', 'p1')], [card('p1', [], ['F1'])])
  expect(matrix.cells.map(({ dataset, metric }) => [dataset, metric])).toEqual([[notNamed, 'F1']])
  expect(matrix.datasets).toEqual([])
})

test('a paper that names neither has no cell; names are ordered by how many papers use them', () => {
  const matrix = buildMatrix(
    [theme('t1', 'p1', 'p2'), theme('t2', 'p3')],
    [card('p1', ['B', 'A'], ['m']), card('p2', ['A'], ['m']), card('p3', [], [])],
  )
  expect(matrix.datasets).toEqual(['A', 'B'])
  expect(matrix.cells.every((cell) => cell.theme === 't1')).toBe(true)
})
