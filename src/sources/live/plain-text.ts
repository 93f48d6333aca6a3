import { repairText } from '../../methods/text/text-repair.ts'

/** No title, name or abstract is longer; what is, is cut there before it is looked at. In UTF-16 code units. */
const longest = 30_000

/** Elements of HTML, JATS and MathML that services leave in texts. Only these are markup: `x<y and z>w` is not. */
const inline =
  'a|abbr|b|bold|cite|code|em|font|i|inf|inline-formula|italic|math|monospace|named-content|overline|roman|sans-serif|sc|scp|small|span|strike|strong|styled-content|sub|sup|tex-math|tt|u|underline|xref|ext-link'
const block =
  'abstract|article-title|blockquote|body|br|div|disp-formula|dd|dl|dt|graphic|h[1-6]|head|hr|html|img|iframe|label|li|list|list-item|ol|p|sec|svg|table|tbody|td|th|title|tr|ul'
const hidden = 'script|style|template|noscript'
const inlineTags = new RegExp(
  String.raw`</?(?:(?:jats:)?(?:${inline})|mml:[a-z]{1,20})(?:[\s/][^<>]{0,500})?>`,
  'gi',
)
const blockTags = new RegExp(String.raw`</?(?:jats:)?(?:${block})(?:[\s/][^<>]{0,500})?>`, 'gi')
const hiddenMarks = new RegExp(String.raw`(<!--)|(-->)|<(/?)(${hidden})\b[^<>]{0,500}>`, 'gi')
const leftMarks = new RegExp(String.raw`<!--|</?(?:${hidden})\b[^<>]{0,500}>|<!\[CDATA\[|\]\]>`, 'gi')

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
}

/** The characters that character references of XML, and HTML's most frequent ones, stand for. Others stay as they are. */
export function decodeReferences(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi,
    (whole, decimal, hexadecimal, name) => {
      if (name !== undefined) return named[name] ?? whole
      const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal)
      const valid = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
      return valid ? String.fromCodePoint(code) : ''
    },
  )
}

/** Texts are escaped this often at most: by the author's system, by the service, and by XML. */
const escapings = 3

/**
 * The readable text of what a service gives as a title, a name or an abstract: without HTML, JATS and MathML, also where
 * they were escaped, character references resolved, white space single, no control characters. Empty for nothing.
 */
export function plainText(value: string | null | undefined): string {
  let text = (value ?? '').slice(0, longest).toWellFormed()
  for (let level = 0; level < escapings; level++) text = decodeReferences(withoutMarkup(text))
  return repairText(withoutMarkup(text))
}

function withoutMarkup(text: string): string {
  if (!/[<>]/.test(text)) return text
  return withoutHidden(text).replace(leftMarks, ' ').replace(blockTags, ' ').replace(inlineTags, '')
}

/** Without comments and what stands in elements that show nothing. One pass, however many are opened and never closed. */
function withoutHidden(text: string): string {
  let shown = ''
  let from = 0
  let open: { name: string; start: number } | undefined
  for (const mark of text.matchAll(hiddenMarks)) {
    const name = mark[1] || mark[2] ? 'comment' : mark[4]!.toLowerCase()
    const closes = mark[2] !== undefined || mark[3] === '/'
    if (!open && !closes) open = { name, start: mark.index }
    if (open?.name !== name || !closes) continue
    shown += `${text.slice(from, open.start)} `
    from = mark.index + mark[0].length
    open = undefined
  }
  return shown + text.slice(from)
}

/** An abstract as plain text, without the heading `Abstract` that services leave before it; absent when there is none. */
export function plainAbstract(value: string | null | undefined): string | undefined {
  const text = plainText(value).replace(
    /^(?:[Aa]bstract|ABSTRACT|[Ss]ummary|SUMMARY)(?:\s*[:.—–-]+\s*|\s+(?=\p{Lu}))/u,
    '',
  )
  return text === '' ? undefined : text
}
