import type { Sentence } from '../../contract/report.ts'
import { pagesInWords, type ReportIndex, shortName } from '../report-index.ts'
import { html, joined, type SafeHtml } from './template.ts'

/** A sentence with its citations behind it, and a place that evidence can point back to. */
export function sentenceHtml(index: ReportIndex, sentence: Sentence): SafeHtml {
  const place = index.sentencePlace(sentence)
  const citations =
    sentence.citations.length > 0 ? html`&#8288;${citationLinks(index, sentence.citations)}` : undefined
  return html`<span class="sentence" id="sentence-${place}">${sentence.text}${citations}</span>`
}

/** Sentences one after the other. */
export function sentencesHtml(index: ReportIndex, sentences: readonly Sentence[]): SafeHtml {
  return html`${joined(
    sentences.map((sentence) => sentenceHtml(index, sentence)),
    ' ',
  )}`
}

/** Citations as links to the evidence list; the script opens the panel instead. */
export function citationLinks(index: ReportIndex, numbers: readonly number[]): SafeHtml {
  const links = numbers.map((number) => {
    const citation = index.citation(number)
    const span = citation && index.span(citation.span)
    const paper = citation && index.paper(citation.paperId)
    const label = span && paper ? `: ${shortName(paper)}, ${pagesInWords(span)}` : ''
    return html`<a class="cite" href="#evidence-${number}" data-citation="${number}" aria-label="Citation ${number}${label}">${number}</a>`
  })
  return html`<span class="cites">${joined(links, html`<span class="between">, </span>`)}</span>`
}

/** A link to a paper's card by its short name; the identifier alone when the report does not hold it. */
export function paperLink(index: ReportIndex, paperId: string): SafeHtml {
  const paper = index.paper(paperId)
  return paper ? html`<a href="#paper-${index.placeOf(paperId)}">${shortName(paper)}</a>` : html`${paperId}`
}
