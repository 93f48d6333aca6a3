import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainAbstract, plainText } from './plain-text.ts'

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
