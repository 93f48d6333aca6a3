import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FullTextLocation } from '../../contract/paper.ts'
import { mergeLocations } from './locations.ts'

const pdf = (url: string, version?: FullTextLocation['version']): FullTextLocation => ({
  url,
  isPdf: true,
  ...(version && { version }),
})
const page = (url: string, version?: FullTextLocation['version']) => ({ ...pdf(url, version), isPdf: false })
const merged = (...lists: FullTextLocation[][]) => mergeLocations(lists.map((locations) => ({ locations })))
const addresses = (...lists: FullTextLocation[][]) => merged(...lists).map(({ url }) => url)

describe('mergeLocations', () => {
  it('puts PDFs first, and of them the published one', () => {
    expect(
      addresses(
        [page('https://a.example/1', 'published'), pdf('https://b.example/1.pdf')],
        [pdf('https://c.example/1.pdf', 'submitted'), pdf('https://d.example/1.pdf', 'accepted')],
        [pdf('https://e.example/1.pdf', 'published'), page('https://f.example/1')],
      ),
    ).toEqual(['e', 'd', 'c', 'b', 'a', 'f'].map((host) => expect.stringContaining(`${host}.example`)))
  })

  it('names a place once, with all that is known of it', () => {
    expect(
      merged(
        [page('http://www.a.example/1/')],
        [{ ...pdf('https://a.example/1', 'accepted'), license: 'cc-by' }],
        [pdf('https://a.example/1#page=2', 'published')],
      ),
    ).toEqual([{ url: 'https://a.example/1', version: 'accepted', license: 'cc-by', isPdf: true }])
  })

  it('keeps the newest version at arXiv that is named, and no address without version beside it', () => {
    const found = [
      [page('http://arxiv.org/abs/1706.03762'), pdf('https://arxiv.org/pdf/1706.03762.pdf', 'submitted')],
      [pdf('https://arxiv.org/pdf/1706.03762v5', 'submitted')],
      [pdf('http://export.arxiv.org/pdf/1706.03762v1.pdf', 'submitted')],
    ]
    for (const lists of [found, found.toReversed()])
      expect(merged(...lists)).toEqual([pdf('https://arxiv.org/pdf/1706.03762v5', 'submitted')])
    expect(
      addresses(
        [pdf('https://arxiv.org/pdf/hep-th/9901001v2')],
        [pdf('https://arxiv.org/pdf/hep-th/9901002v1')],
      ),
    ).toHaveLength(2)
  })

  it('takes any addresses, and merging again changes nothing', () => {
    const any = fc.record({
      url: fc.oneof(
        fc.webUrl(),
        fc.constantFrom('https://arxiv.org/pdf/1706.03762v2', 'https://arxiv.org/abs/1706.03762', 'x', ''),
      ),
      isPdf: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(any, { maxLength: 8 }), (locations) => {
        const once = mergeLocations([{ locations }])
        expect(mergeLocations([{ locations: once }])).toEqual(once)
        expect(new Set(once.map(({ url }) => url)).size).toBe(once.length)
      }),
    )
  })
})
