import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Report } from '../../contract/report.ts'
import type { Pictures } from '../pictures.ts'
import { flowInBrief } from '../prisma/boxes.ts'
import { indexReport } from '../report-index.ts'
import { counted } from '../words.ts'
import { limitationsSection, referencesSection, unreadSection } from './closing.ts'
import { comparisonSection, matrixSection } from './comparison.ts'
import { evidenceSection, pageStore } from './evidence.ts'
import { methodSection } from './method.ts'
import { papersSection } from './papers.ts'
import {
  gapsSection,
  relationsSection,
  summarySection,
  synthesisSection,
  themesSection,
} from './synthesis.ts'
import { html, type SafeHtml, trustedHtml } from './template.ts'

/** The style sheet's parts, in the order of the cascade. */
const styleSheets = [
  'base',
  'frame',
  'citations',
  'method',
  'content',
  'tables',
  'papers',
  'evidence',
  'panel',
  'print',
]

const contents = [
  ['summary', 'Summary'],
  ['method', 'Question and method'],
  ['themes', 'Themes'],
  ['synthesis', 'Synthesis'],
  ['relations', 'Agreements and contradictions'],
  ['comparison', 'Comparison of studies'],
  ['matrix', 'Datasets and metrics'],
  ['gaps', 'Gaps'],
  ['limitations', 'Limitations of this review'],
  ['unread', 'What could not be read'],
  ['papers', 'Papers and decisions'],
  ['evidence', 'Evidence'],
  ['references', 'References'],
] as const

/**
 * report.html: one file that opens offline and asks for nothing. Its Content-Security-Policy (W3C CSP Level 3) allows its
 * own style and script by their hashes, pictures that stand in the file, and nothing else. Without the script, citations
 * are links to the evidence list.
 */
export function renderHtml(report: Report, pictures: Pictures): string {
  const style = styleSheets.map((name) => ownFile(new URL(`./style/${name}.css`, import.meta.url))).join('')
  const script = ownFile(new URL('./reader.js', import.meta.url))
  const index = indexReport(report)
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(script)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Sheaf">
<title>${report.title}</title>
<style>${trustedHtml(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
${opening(report)}<div class="frame">
<nav class="contents" aria-label="Contents">
<h2>Contents</h2>
<ol>
${contents.map(
  ([id, name]) => html`<li><a href="#${id}">${name}</a></li>
`,
)}</ol>
</nav>
<main id="main" tabindex="-1">
${summarySection(index)}${methodSection(report)}${themesSection(index)}${synthesisSection(index)}${relationsSection(index)}${comparisonSection(index)}${matrixSection(index)}${gapsSection(index)}${limitationsSection(report)}${unreadSection(report)}${papersSection(index)}${evidenceSection(index, pictures)}${referencesSection(index)}</main>
</div>
<footer class="closing"><p>Written by Sheaf from ${counted(report.spans.length, 'quotation')} that stand on their pages. The same review as data: report.json.</p></footer>
${panel(report)}${pageStore(pictures)}<script>${trustedHtml(script)}</script>
</body>
</html>
`.markup
}

function opening(report: Report): SafeHtml {
  return html`<header class="opening">
<p class="kicker">Literature review</p>
<h1>${report.title}</h1>
${
  report.title === report.plan.question
    ? undefined
    : html`<p class="standfirst">${report.plan.question}</p>
`
}<p class="figures">${flowInBrief(report.prisma)}; ${counted(report.citations.length, 'quotation')} cited.</p>
</header>
`
}

function panel({ citations }: Report): SafeHtml {
  return html`<dialog class="panel" id="panel" aria-labelledby="panel-heading" data-count="${citations.length}">
<div class="panel-head">
<h2 id="panel-heading" tabindex="-1">Citation</h2>
<div class="panel-buttons"><button type="button" data-step="-1">Previous</button><button type="button" data-step="1">Next</button><button type="button" data-close>Close</button></div>
</div>
<div id="panel-body" class="panel-body" tabindex="0" role="region" aria-label="Quotation and page"></div>
</dialog>
`
}

function ownFile(file: URL): string {
  return readFileSync(file, 'utf8')
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
