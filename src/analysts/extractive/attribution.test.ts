import { describe, expect, it } from 'vitest'
import type { Paper } from '../../contract/paper.ts'
import { attributed } from './attribution.ts'

const paper = (...families: string[]): Paper => ({
  id: 'p1',
  fields: { title: 'Lanterns', authors: families.map((family) => ({ family })), year: 2019 },
  provenance: {},
  records: ['r1'],
  mergedBecause: [],
})

describe('attributed', () => {
  it('says of the authors what they say of themselves', () => {
    const two = paper('Marsh', 'Oduya')
    expect(attributed('In this paper, we propose a lantern.', 'method', two)).toBe(
      'Marsh and Oduya (2019) propose a lantern.',
    )
    expect(attributed('This article presents a lantern.', 'method', two)).toBe(
      'Marsh and Oduya (2019) present a lantern.',
    )
    expect(attributed('We have developed a lantern.', 'method', two)).toBe(
      'Marsh and Oduya (2019) have developed a lantern.',
    )
    expect(attributed('We ﬁnd a lantern.', 'result', two)).toBe('Marsh and Oduya (2019) find a lantern.')
  })

  it('agrees with a single author', () => {
    const one = paper('Marsh')
    expect(attributed('We propose a lantern.', 'method', one)).toBe('Marsh (2019) proposes a lantern.')
    expect(attributed('We study a lantern.', 'method', one)).toBe('Marsh (2019) studies a lantern.')
    expect(attributed('We showed that it glows.', 'result', one)).toBe('Marsh (2019) showed that it glows.')
  })

  it('quotes what is not grammatical otherwise', () => {
    const one = paper('Marsh')
    expect(attributed('We show that our lantern glows.', 'result', one)).toBe(
      'Marsh (2019) reports: “We show that our lantern glows.”',
    )
    expect(attributed('Lanterns “glow” in fog.', 'limitation', one)).toBe(
      'Marsh (2019) notes: “Lanterns ‘glow’ in fog.”',
    )
  })

  it('leaves out the paper’s own citation numbers, which would be taken for the review’s', () => {
    expect(attributed('We use lanterns [8, 12].', 'method', paper('Marsh'))).toBe(
      'Marsh (2019) uses lanterns.',
    )
    expect(attributed('Lanterns [8] glow.', 'method', paper('Marsh'))).toBe(
      'Marsh (2019) writes: “Lanterns […] glow.”',
    )
  })

  it('gives the quotation alone where the paper is not known', () => {
    expect(attributed('Lanterns glow.', 'result', undefined)).toBe('Lanterns glow.')
  })
})
