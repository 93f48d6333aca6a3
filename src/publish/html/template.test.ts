import fc from 'fast-check'
import { expect, test } from 'vitest'
import { html, trustedHtml } from './template.ts'

test('text can end neither an element nor an attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { markup } = html`<p title="${text}">${text}</p>`
      expect(markup).toMatch(/^<p title="[^"<>]*">[^<>]*<\/p>$/)
      expect(markup.isWellFormed()).toBe(true)
    }),
  )
})

test('text that looks like markup of this program is still text', () => {
  const forged = JSON.parse('{"markup":"<b>forged</b>"}')
  expect(html`${JSON.stringify(forged)}`.markup).not.toContain('<b>')
  expect(html`${html`<i>${'<b>'}</i>`}${undefined}${['&', trustedHtml('<hr>'), 3]}`.markup).toBe(
    '<i>&lt;b&gt;</i>&amp;<hr>3',
  )
})

test('marks that turn text around and control characters are left out', () => {
  expect(html`${'a\u202Egnp.exe\u0000\u2066b\n'}`.markup).toBe('agnp.exe b ')
})
