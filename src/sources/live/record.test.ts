import { describe, expect, it } from 'vitest'
import { locationsOf, recordOf, webAddress } from './record.ts'

describe('webAddress', () => {
  it.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'ftp://a.example/x',
    '//a.example',
    'https://u:p@a.example/',
    'http://',
    'https://a b.example/',
  ])('refuses %s', (address) => {
    expect(webAddress(address)).toBeUndefined()
  })

  it('takes the web’s own', () => {
    expect(webAddress(' https://a.example/x?y=1#z ')).toBe('https://a.example/x?y=1#z')
  })
})

describe('recordOf', () => {
  it('normalises identifiers and names', () => {
    const record = recordOf('test', '1', {
      title: 'Shade',
      doi: 'https://doi.org/10.48550/ARXIV.1706.03762',
      pmid: 'https://pubmed.ncbi.nlm.nih.gov/29456894',
      pmcid: '5815332',
      pages: '12 – 34',
      authors: [
        { name: 'Larivière V' },
        { name: 'ATLAS Collaboration' },
        { family: 'de With', given: 'P.' },
        { body: 'The Beech Group' },
        { name: '—' },
      ],
    })!
    expect(record.fields).toMatchObject({
      doi: '10.48550/arxiv.1706.03762',
      arxivId: '1706.03762',
      pmid: '29456894',
      pmcid: 'PMC5815332',
      pages: '12-34',
      authors: [
        { family: 'Larivière', given: 'V' },
        { family: 'ATLAS Collaboration' },
        { family: 'de With', given: 'P.' },
        { family: 'The Beech Group' },
      ],
    })
  })

  it('names each place once, the first time', () => {
    const place = { url: 'https://a.example/1.pdf', isPdf: true }
    expect(locationsOf([{ ...place, version: 'vor' }, place, { url: null, isPdf: false }])).toEqual([
      { ...place, version: 'published' },
    ])
  })
})
