import { z } from 'zod'
import type { Page } from '../../contract/document.ts'
import { type EvidenceField, evidenceFields } from '../../contract/evidence.ts'
import type { Paper } from '../../contract/paper.ts'
import type { Plan } from '../../contract/plan.ts'
import { type DocumentIndex, indexDocument, type PageText } from '../../evidence/document-index.ts'
import { locateQuotation } from '../../evidence/locate.ts'
import { fold, lettersAndDigits } from '../../evidence/normalise.ts'
import type { ProposedQuotation } from '../analyst.ts'
import { roundedScore } from '../rules.ts'
import { type Asking, askTwice } from './asking.ts'
import { chunksOf } from './chunks.ts'
import { inParallel } from './in-parallel.ts'
import { extractPrompt } from './prompts/extract.ts'
import { requoteByModel } from './requote.ts'
import { paperLine, reviewLine } from './review-lines.ts'
import { oneLine } from './text.ts'

/** At most this many quotations of each field stand on a card; a chunk is asked for no more than that. */
const most: Record<EvidenceField, number> = {
  problem: 3,
  method: 4,
  dataset: 6,
  metric: 6,
  result: 6,
  limitation: 4,
}
const longestSection = 120
const longestText = 200

const kind = {
  prompt: extractPrompt,
  answer: z.object({
    quotations: z.array(
      z.object({
        field: z.enum(evidenceFields),
        quotation: z.string(),
        page: z.number(),
        section: z.string().nullable(),
        text: z.string().nullable(),
        confidence: z.number(),
      }),
    ),
  }),
  maxOutputTokens: 8_000,
}
type ModelQuotation = z.infer<typeof kind.answer>['quotations'][number]

/**
 * Reads all pages, in chunks side by side, and proposes quotations, best first within a field. What does not stand in the
 * document is asked for once more with its page. What is still not found stays among the proposals as it was first
 * given, so that whoever admits them rejects and counts it; what is found is bounded for each field.
 */
export async function extractByModel(
  asking: Asking,
  plan: Plan,
  paper: Paper,
  pages: readonly Page[],
): Promise<ProposedQuotation[]> {
  const index = indexDocument({ id: paper.document ?? paper.id, pages })
  const proposed = await inParallel(chunksOf(pages), (chunk) =>
    readChunk(asking, { plan, paper, index }, chunk),
  )
  const quotations = proposed.flat()
  const found = quotations.filter(({ isFound }) => isFound).map(({ proposal }) => proposal)
  const lost = quotations.filter(({ isFound }) => !isFound).map(({ proposal }) => proposal)
  return [...evidenceFields.flatMap((field) => best(field, found)), ...distinct(lost)]
}

interface Checked {
  proposal: ProposedQuotation
  isFound: boolean
}

async function readChunk(
  asking: Asking,
  { plan, paper, index }: { plan: Plan; paper: Paper; index: DocumentIndex },
  chunk: readonly PageText[],
): Promise<Checked[]> {
  const pageLines = chunk.map(({ number, text }) => ({ kind: 'page', number, text }))
  const lines = [reviewLine(plan), paperLine(paper), ...pageLines]
  const answer = await askTwice(asking, kind, lines, ({ quotations }) => quotations)
  const headings = plain(chunk.map(({ text }) => text).join('\n'))
  const proposals = (answer ?? []).map((quotation) => proposalOf(quotation, headings))
  const checked = proposals.map((proposal) => ({ proposal, isFound: stands(proposal, index) }))
  const missing = checked.filter(({ isFound }) => !isFound)
  if (missing.length === 0) return checked
  asking.onUnusable({ task: kind.prompt.task, unknown: missing.length, missing: 0 })
  const again = await requoteByModel(
    asking,
    chunk,
    missing.map(({ proposal }) => proposal),
  )
  return checked.map((each) => {
    const second = again.get(each.proposal)
    return second && stands(second, index) ? { proposal: second, isFound: true } : each
  })
}

function proposalOf(
  { field, quotation, page, section, text, confidence }: ModelQuotation,
  headings: string,
): ProposedQuotation {
  const heading = section === null ? '' : oneLine(section, longestSection)
  // A heading stands beside the quotation in the report, so it must be the paper's own, too.
  const isHeading = plain(heading) !== '' && headings.includes(plain(heading))
  const name = text === null ? '' : oneLine(text, longestText)
  return {
    field,
    quotation: quotation.trim(),
    page: Number.isSafeInteger(page) ? page : 0,
    ...(isHeading && { section: heading }),
    confidence: roundedScore(confidence),
    ...(name !== '' && { text: name }),
  }
}

function stands({ quotation, page }: ProposedQuotation, index: DocumentIndex): boolean {
  return locateQuotation(quotation, index, { page }) !== undefined
}

/** The field's quotations that do not say the same letters, the surest first; equal ones in the order of the pages. */
function best(field: EvidenceField, proposals: readonly ProposedQuotation[]): ProposedQuotation[] {
  const own = proposals.filter((proposal) => proposal.field === field)
  return distinct(own.toSorted((one, other) => other.confidence - one.confidence)).slice(0, most[field])
}

function distinct(proposals: readonly ProposedQuotation[]): ProposedQuotation[] {
  const seen = new Set<string>()
  return proposals.filter(({ field, quotation, text = '' }) => {
    const key = [field, plain(quotation), field === 'dataset' || field === 'metric' ? plain(text) : ''].join(
      ' ',
    )
    return !seen.has(key) && seen.add(key)
  })
}

function plain(text: string): string {
  return lettersAndDigits(fold(text).text).text.toLowerCase()
}
