import { describe, expect, it } from 'vitest'
import type { BibliographicRecord } from '../contract/paper.ts'
import { broader } from './refine.ts'

const concept = (term: string, ...synonyms: string[]) => ({ term, synonyms })
const records = (...titles: string[]): BibliographicRecord[] =>
  titles.map((title, at) => ({
    key: `test:${at}`,
    source: 'test',
    reference: `${at}`,
    origins: {},
    fields: { title, authors: [] },
  }))
const terms = {
  since: 2001,
  concepts: [concept('shade'), concept('beech growth rate'), concept('temperate forest', 'woodland')],
}

describe('broader', () => {
  it('drops the concept of most words when too few records came', () => {
    expect(broader(terms, records('Shade and beeches', 'Shade'))).toEqual({
      since: 2001,
      concepts: [terms.concepts[0], terms.concepts[2]],
    })
  })

  it('counts titles that name a concept in any form or by another word', () => {
    const off = Array.from({ length: 8 }, (_, at) => `Something else ${at}`)
    expect(broader(terms, records(...off, 'Woodlands of Jutland', 'Shading trees'))).toBeUndefined()
    expect(broader(terms, records(...off, 'Growth of a firm', 'Rates'))?.concepts).toHaveLength(2)
  })

  it('is content with good results, and with one concept', () => {
    expect(broader(terms, records('Shade', 'Shade again', 'More shade'))).toBeUndefined()
    expect(broader({ concepts: [concept('shade')] }, [])).toBeUndefined()
  })

  it('drops a third of many concepts at once, and leaves one at last', () => {
    const many = { concepts: 'abcdefgh'.split('').map((letter) => concept(`term ${letter}`)) }
    const sizes: number[] = []
    for (let now: typeof many | undefined = many; now; now = broader(now, [])) sizes.push(now.concepts.length)
    expect(sizes).toEqual([8, 5, 3, 2, 1])
  })
})
