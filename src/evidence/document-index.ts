import type { DocumentId } from '../contract/document.ts'
import { pageBodies } from '../methods/text/running-lines.ts'
import { fold, lettersAndDigits, type Normalised } from './normalise.ts'

/** What matching needs of a page; {@link Page} has it. */
export interface PageText {
  /** 1-based position in the file. */
  number: number
  text: string
}

/** A text in both normal forms: `alone` counts units of `folded`, `folded` counts units of the source. */
export interface Forms {
  folded: Normalised
  alone: Normalised
}

/** Forms of several texts and each form's texts end to end, with where each begins; one search finds them all. */
export interface DocumentIndex {
  id: DocumentId
  pages: readonly PageText[]
  forms: readonly Forms[]
  folded: Joined
  alone: Joined
  /** All pages' bodies as one text, for what goes on over a page break; made when first asked for. */
  flow: () => Flow
}

/** Texts end to end: text `k` stands at `[offsets[k], offsets[k + 1] - 1)`, with a separator after it. */
export interface Joined {
  text: string
  offsets: readonly number[]
}

/** The bodies of all pages end to end, with their place on their page and in the flow. */
export interface Flow {
  text: string
  forms: Forms
  bodies: readonly { start: number; end: number; offset: number }[]
}

/** What no normal form contains. */
const separator = '\u0000'

/** Prepares a document for {@link locateQuotation}: a few milliseconds for a paper, then each quotation is fast. */
export function indexDocument(document: { id: DocumentId; pages: readonly PageText[] }): DocumentIndex {
  const { id, pages } = document
  const forms = pages.map(({ text }) => formsOf(text))
  let flow: Flow | undefined
  return {
    id,
    pages,
    forms,
    folded: join(forms.map(({ folded }) => folded.text)),
    alone: join(forms.map(({ alone }) => alone.text)),
    flow: () => {
      flow ??= flowOf(pages)
      return flow
    },
  }
}

/** Both normal forms of a text. */
export function formsOf(text: string): Forms {
  const folded = fold(text)
  return { folded, alone: lettersAndDigits(folded.text) }
}

function join(texts: readonly string[]): Joined {
  const offsets = [0]
  for (const text of texts) offsets.push(offsets.at(-1)! + text.length + separator.length)
  return { text: texts.join(separator), offsets }
}

function flowOf(pages: readonly PageText[]): Flow {
  let offset = 0
  const texts: string[] = []
  const bodies = pageBodies(pages).map(({ start, end }, index) => {
    const text = pages[index]!.text.slice(start, end)
    texts.push(text)
    const body = { start, end, offset }
    offset += text.length + 1
    return body
  })
  const text = texts.join('\n')
  return { text, forms: formsOf(text), bodies }
}
