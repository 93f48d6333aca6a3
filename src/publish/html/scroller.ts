import { type HtmlValue, html, type SafeHtml } from './template.ts'

/** A region that scrolls sideways in itself and can be reached with the keyboard, for tables and diagrams. */
export function scroller(label: string, content: HtmlValue): SafeHtml {
  return html`<div class="scroller" role="region" aria-label="${label}, scrolls sideways" tabindex="0">
${content}
</div>
`
}

/** A section of the page with its heading; `id` is where the contents point. */
export function section(id: string, heading: string, content: HtmlValue): SafeHtml {
  return html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${content}</section>
`
}

/** A list; a sentence in its place when it is empty. */
export function list(items: readonly HtmlValue[], whenEmpty: string, name = 'plain'): SafeHtml {
  if (items.length === 0)
    return html`<p>${whenEmpty}</p>
`
  return html`<ul class="${name}">
${items.map(
  (item) => html`<li>${item}</li>
`,
)}</ul>
`
}
