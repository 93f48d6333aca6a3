import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Paper } from '../../contract/paper.ts'
import { shortReference, withYearSuffixes } from './short-reference.ts'

const paper = (id: string, title: string, families: string[], year?: number): Paper => ({
  id,
  fields: { title, authors: families.map((family) => ({ family })), ...(year === undefined ? {} : { year }) },
  provenance: {},
  records: [id],
  mergedBecause: [],
})

test('one, two, many and no authors, with and without a year', () => {
  expect(shortReference(paper('p', 'T', ['Boeing']))).toBe('Boeing (n.d.)')
  expect(shortReference(paper('p', 'T', ['Zeileis', 'Hothorn'], 2002))).toBe('Zeileis and Hothorn (2002)')
  expect(shortReference(paper('p', 'T', ['Page', 'McKenzie', 'Bossuyt'], 2021))).toBe('Page et al. (2021)')
  expect(shortReference(paper('p', 'On the naming of papers that nobody signed', [], 1999))).toBe(
    '“On the naming of papers that …” (1999)',
  )
})

test('namesakes get letters by title, others none', () => {
  const papers = withYearSuffixes([
    paper('p1', 'Sandwich', ['Zeileis'], 2020),
    paper('p2', 'Counts', ['Zeileis'], 2020),
    paper('p3', 'Counts', ['Zeileis'], 2021),
  ])
  expect(papers.map(shortReference)).toEqual(['Zeileis (2020b)', 'Zeileis (2020a)', 'Zeileis (2021)'])
})

test('no two papers of a review are named alike, however many there are', () => {
  const some = fc.array(fc.constantFrom('A', 'B'), { maxLength: 60 })
  fc.assert(
    fc.property(some, (families) => {
      const papers = withYearSuffixes(
        families.map((family, index) => paper(`p${index}`, 'T', [family], 2020)),
      )
      expect(new Set(papers.map(shortReference)).size).toBe(papers.length)
    }),
  )
})
