import type { Element, ElementContent, Root } from 'hast'
import rehypeStringify from 'rehype-stringify'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import remarkRehype from 'remark-rehype'
import { unified } from 'unified'
import type { Note } from './note.ts'
import { stylesheet } from './stylesheet.ts'

/** The note as one HTML page that prints as a paper: title, authors and date, the abstract set apart, numbered sections. */
export async function pageOf(note: Note): Promise<string> {
  const body = await unified()
    .use(remarkParse)
    .use(remarkGfm)
    .use(remarkRehype)
    .use(() => (tree: Root) => {
      arrange(tree, note)
      curlQuotes(tree)
    })
    .use(rehypeStringify)
    .process(note.markdown)
  return [
    '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">',
    `<title>${escaped(note.title)}</title><style>${stylesheet}</style></head><body>`,
    '<header>',
    `<h1>${escaped(note.title)}</h1>`,
    `<p class="authors">${escaped(note.authors.join(', '))}</p>`,
    `<p class="date">${longDate(note.date)}</p>`,
    '</header>',
    String(body),
    '</body></html>',
  ].join('')
}

/** Puts the abstract with its keywords apart, numbers the sections and makes headings of tables repeat on each page. */
function arrange(tree: Root, note: Note): void {
  const children: ElementContent[] = []
  let abstract: Element | undefined
  let section = 0
  let subsection = 0
  for (const child of tree.children) {
    if (child.type !== 'element' && child.type !== 'text') continue
    if (isElement(child, 'h2')) {
      const title = textOf(child)
      if (abstract === undefined && title === 'Abstract') {
        abstract = element('section', [child], { className: ['abstract'] })
        children.push(abstract)
        continue
      }
      closeAbstract(abstract, note)
      abstract = undefined
      subsection = 0
      if (title !== 'References') number(child, `${++section}`)
    } else if (isElement(child, 'h3') && abstract === undefined) number(child, `${section}.${++subsection}`)
    const target = abstract?.children ?? children
    target.push(child)
  }
  closeAbstract(abstract, note)
  tree.children = children
}

function closeAbstract(abstract: Element | undefined, { keywords }: Note): void {
  if (abstract === undefined || keywords.length === 0) return
  abstract.children.push(
    element('p', [element('strong', [text('Keywords: ')]), text(`${keywords.join(', ')}.`)], {
      className: ['keywords'],
    }),
  )
}

/** Straight quotation marks and apostrophes become typographic ones, but in code. */
function curlQuotes(node: Root | Element): void {
  for (const child of node.children) {
    if (child.type === 'text') {
      child.value = child.value
        .replaceAll(/(^|[\s([{—–])"/g, '$1“')
        .replaceAll('"', '”')
        .replaceAll(/(^|[\s([{—–“])'/g, '$1‘')
        .replaceAll("'", '’')
    } else if (child.type === 'element' && child.tagName !== 'code') curlQuotes(child)
  }
}

/** The number is text of the heading, so that a reader of the PDF finds it where it stands. */
function number(heading: Element, printed: string): void {
  heading.children.unshift(text(`${printed}\u2002`))
}

function isElement(node: ElementContent, tagName: string): node is Element {
  return node.type === 'element' && node.tagName === tagName
}

function element(
  tagName: string,
  children: ElementContent[],
  properties: Element['properties'] = {},
): Element {
  return { type: 'element', tagName, properties, children }
}

function text(value: string): ElementContent {
  return { type: 'text', value }
}

function textOf(node: Element): string {
  return node.children.map((child) => (child.type === 'text' ? child.value : '')).join('')
}

function longDate(date: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(date))
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
