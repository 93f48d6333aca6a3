import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainAbstract, plainText } from './plain-text.ts'
import { phraseOf, quoted } from './query.ts'
import { locationsOf, recordOf, webAddress } from './record.ts'

describe('plainText', () => {
  it.each([
    ['<i>E. coli</i> &amp; H<sub>2</sub>O', 'E. coli & H2O'],
    ['&lt;i&gt;E. coli&lt;/i&gt;', 'E. coli'],
    ['Where x<y and z>w', 'Where x<y and z>w'],
    ['V &lt; 17.5 &#x3b1; &#945;', 'V < 17.5 α α'],
    ['<jats:p>One.</jats:p><jats:p>Two.</jats:p>', 'One. Two.'],
    ['A<script>alert(1)</script>B', 'A B'],
    ['A<!-- <script> -->B<style>x', 'A B x'],
    ['A --> B </script>C', 'A --> B C'],
    ['A <mml:math><mml:mi>k</mml:mi></mml:math> B', 'A k B'],
    ['a\u0000b\u202ec\ud800', 'a bc'],
    ['&unknown; &#0; &#xd800; &#99999999;', '&unknown; &#99999999;'],
  ])('reads %j', (given, plain) => {
    expect(plainText(given)).toBe(plain)
  })

  it('is well-formed, bounded and free of control characters, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (given) => {
        const plain = plainText(given)
        expect(plain.isWellFormed()).toBe(true)
        expect(plain).not.toMatch(/[\p{Cc}\u202a-\u202e]/u)
      }),
    )
    for (const part of ['<script ', '<script>', '<!--', '<span ', '&#', '&lt;'])
      expect(plainText(part.repeat(100_000)).length).toBeLessThanOrEqual(30_000)
  })

  it('takes the heading off an abstract', () => {
    expect(plainAbstract('<jats:title>Abstract</jats:title><jats:p>Beeches grow.</jats:p>')).toBe(
      'Beeches grow.',
    )
    expect(plainAbstract('Abstract interpretation is a method.')).toBe('Abstract interpretation is a method.')
    expect(plainAbstract('  ')).toBeUndefined()
  })
})

describe('phraseOf', () => {
  it('leaves nothing that has a meaning in a query language', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (term) => {
        const phrase = phraseOf(term)
        expect(phrase).not.toMatch(/["()[\]{}:\\*?~^!&|<>=,;$%@/]/)
        expect(phrase).not.toMatch(/(?:^|\s)[-+]/)
        expect(phrase.length).toBeLessThan(120)
        expect(quoted(phrase)).toMatch(/^(?:"[^"]*"|[^\s"]+)$/)
      }),
    )
    expect(phraseOf('C++ and the “Møller–Plesset” method')).toBe('C++ and the Møller-Plesset method')
  })
})

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
