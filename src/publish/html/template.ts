import { displayable } from '../displayable.ts'

const safe: unique symbol = Symbol('safe HTML')

/** Markup that holds no untrusted text unescaped. Only {@link html} and {@link trustedHtml} make it. */
export interface SafeHtml {
  readonly [safe]: true
  readonly markup: string
}

/** What may stand in a template: text is escaped, markup goes in as it is, lists are joined, `undefined` is nothing. */
export type HtmlValue = SafeHtml | string | number | undefined | readonly HtmlValue[]

/**
 * Tagged template for HTML and SVG that escapes by default. Attribute values in a template are always quoted; text is
 * made {@link displayable} and its five special characters become references, which is safe in text and in quoted
 * attributes (HTML Living Standard, 13.1.2), and nowhere else: never interpolate into a script or style element.
 */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): SafeHtml {
  let markup = strings[0]!
  values.forEach((value, position) => {
    markup += rendered(value) + strings[position + 1]!
  })
  return trustedHtml(markup)
}

/** Marks markup as safe: for this program's own files and its own templates, never for anything that was read. */
export function trustedHtml(markup: string): SafeHtml {
  return { [safe]: true, markup }
}

/** Joins values with markup between them. */
export function joined(values: readonly HtmlValue[], separator: HtmlValue): HtmlValue[] {
  return values.flatMap((value, position) => (position === 0 ? [value] : [separator, value]))
}

function rendered(value: HtmlValue): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return escaped(value)
  if (isList(value)) return value.map(rendered).join('')
  return value.markup
}

function isList(value: SafeHtml | readonly HtmlValue[]): value is readonly HtmlValue[] {
  return Array.isArray(value)
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return displayable(text).replace(/[&<>"']/g, (character) => references[character]!)
}
