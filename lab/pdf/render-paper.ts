import PDFDocument from 'pdfkit'
import { type Content, contentOf, type StatementKind } from '../corpus/content.ts'
import type { Corpus } from '../corpus/corpus.ts'
import type { LabPaper } from '../corpus/paper.ts'
import { randomOf } from '../corpus/random.ts'
import { createPageSetter, type Style } from './page-setter.ts'

/** A sentence that a reader of a paper ought to find. */
export interface Statement {
  readonly kind: StatementKind
  readonly text: string
  /** Page of the PDF, from 1. */
  readonly page: number
}

/** A paper as its PDF. */
export interface RenderedPaper {
  readonly bytes: Buffer
  readonly pages: number
  readonly statements: readonly Statement[]
}

/** A4 and US letter, in points. */
const sizes = [
  { width: 595.28, height: 841.89, margin: 56 },
  { width: 612, height: 792, margin: 62 },
]

/**
 * Sets a paper as a PDF of four to twelve pages, in one column or two, with hyphens, running headers and page numbers. The
 * same paper gives the same bytes.
 */
export async function renderPaper(corpus: Corpus, index: number): Promise<RenderedPaper> {
  const paper = corpus.paper(index)
  const content = contentOf(corpus, paper)
  const random = randomOf(corpus.seed, index, 91)
  const page = random.pick(sizes)
  const columns = random.chance(0.5) ? 2 : 1
  const document = new PDFDocument({
    size: [page.width, page.height],
    margin: 0,
    autoFirstPage: false,
    bufferPages: true,
    info: {
      Title: paper.title,
      Author: paper.authors.map(({ given, family }) => `${given} ${family}`).join(', '),
      Producer: 'Sheaf lab',
      Creator: 'Sheaf lab',
      CreationDate: new Date(Date.UTC(paper.year, paper.month - 1, paper.day)),
    },
  })
  const chunks: Buffer[] = []
  const ended = new Promise<void>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk))
    document.on('end', resolve)
    document.on('error', reject)
  })
  const setter = createPageSetter(document, { page, columns })
  const statements = setText(setter, paper, content, columns === 2 ? 10 : 11.5)
  for (let at = 0; at < setter.pages; at++) {
    document.switchToPage(at)
    setMargins(document, paper, page, at + 1)
  }
  const pages = setter.pages
  document.end()
  await ended
  return { bytes: Buffer.concat(chunks), pages, statements }
}

function setText(
  setter: ReturnType<typeof createPageSetter>,
  paper: LabPaper,
  content: Content,
  size: number,
): Statement[] {
  const leading = size * 1.32
  const body: Style = { font: 'Times-Roman', size, leading, isJustified: true, after: leading * 0.5 }
  const heading: Style = { font: 'Times-Bold', size: size + 1.5, leading: leading + 2, after: 3 }
  const small: Style = { font: 'Times-Roman', size: size - 1.5, leading: leading - 1.5, after: 2 }
  const statements: Statement[] = []

  setter.across(paper.title, { font: 'Times-Bold', size: 17, leading: 21, after: 8 })
  setter.across(paper.authors.map(({ given, family }) => `${given} ${family}`).join(', '), {
    font: 'Times-Roman',
    size: 11.5,
    leading: 15,
    after: 4,
  })
  setter.across(`${paper.venue}, ${paper.year}`, { font: 'Times-Italic', size: 10, leading: 13, after: 10 })
  setter.block('Abstract', heading, { keep: true, more: 3 * leading })
  setter.block(content.abstract, body)
  for (const [at, section] of content.sections.entries()) {
    setter.block(`${at + 1}. ${section.heading}`, heading, { keep: true, more: 4 * leading })
    for (const { sentences } of section.paragraphs) {
      const stated = sentences.filter(({ kind }) => kind !== undefined)
      const page = setter.block(sentences.map(({ text }) => text).join(' '), body, {
        keep: stated.length > 0,
      })
      for (const { kind, text } of stated) statements.push({ kind: kind!, text, page })
    }
  }
  setter.block('References', heading, { keep: true, more: 2 * leading })
  for (const [at, reference] of content.references.entries()) setter.block(`[${at + 1}] ${reference}`, small)
  return statements
}

function setMargins(
  document: PDFKit.PDFDocument,
  { authors, venue, year }: LabPaper,
  page: { width: number; height: number; margin: number },
  number: number,
): void {
  document.font('Times-Italic', 8)
  if (number > 1) {
    const names =
      authors.length > 2 ? `${authors[0]!.family} et al.` : authors.map(({ family }) => family).join(' and ')
    document.text(`${names} · ${venue} (${year})`, page.margin, page.margin - 24, { lineBreak: false })
  }
  document.font('Times-Roman', 9)
  const width = document.widthOfString(`${number}`)
  document.text(`${number}`, (page.width - width) / 2, page.height - page.margin + 20, { lineBreak: false })
}
