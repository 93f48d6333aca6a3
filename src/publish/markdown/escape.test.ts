import fc from 'fast-check'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { expect, test } from 'vitest'
import { oneLine as asShown } from '../displayable.ts'
import { escapeMarkdown } from './escape.ts'

/** The text as it is shown, without the marks that the escape adds. */
const oneLine = (text: string) => asShown(text).replaceAll('\u2060', '')
const parse = (markdown: string) => unified().use(remarkParse).use(remarkGfm).parse(markdown)

/** What this test needs of a Markdown tree. */
interface Node {
  type: string
  value?: string
  children?: Node[]
}

/** All text below a node; anything but paragraphs, table parts and text is a way out of the escape. */
function plainTextOf(node: Node): string {
  if (node.type === 'text') return (node.value ?? '').replaceAll('\u2060', '')
  if (!['root', 'paragraph', 'table', 'tableRow', 'tableCell'].includes(node.type)) {
    throw new Error(`${node.type} came out of escaped text`)
  }
  return (node.children ?? []).map(plainTextOf).join('')
}

const hostile = [
  '[click](javascript:alert(1))',
  '<script>alert(1)</script>',
  '![x](http://evil.example/x.png)',
  'www.evil.example and http://evil.example and a@evil.example',
  'https://evil.example',
  'mailto:a@b.example xmpp:a@b.example',
  '# heading',
  '- item',
  '+ item',
  '1. item',
  '12) item',
  '--- | ---',
  '***bold*** __bold__ ~~gone~~ `code` ``code``',
  'a | b',
  'line\n\n# heading\r\n| a | b |',
  '[^1]: note [^1]',
  '&lt;b&gt; &amp; &copy;',
  'ends with a backslash \\',
  '\\[not escaped\\]',
  '> quote',
  '=== ---',
  '- [ ] task',
  '$x$ $$y$$',
  '<!-- comment -->',
  '\u202Egnp.exe',
  '    indented code',
]

test.each(hostile)('%j stays the text it is', (text) => {
  expect(plainTextOf(parse(escapeMarkdown(text)))).toBe(oneLine(text))
})

test('any text stays the text it is, alone, after other words and in a table cell', () => {
  const pieces = fc.array(
    fc.oneof(
      fc.constantFrom(...hostile),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.string({ unit: fc.constantFrom(...'\\`*_{}[]()#+-.!|~<>&$@:/w h1\n'), maxLength: 12 }),
    ),
    { maxLength: 4 },
  )
  fc.assert(
    fc.property(pieces, (parts) => {
      const text = parts.join(' ')
      const plain = oneLine(text)
      const escaped = escapeMarkdown(text)
      expect(plainTextOf(parse(escaped))).toBe(plain)
      expect(plainTextOf(parse(`It says: ${escaped}`))).toBe(`It says: ${plain}`.trim())
      expect(plainTextOf(parse(`| a | b |\n| --- | --- |\n| ${escaped} | c |`))).toBe(`ab${plain}c`)
    }),
    { numRuns: 200 },
  )
})
