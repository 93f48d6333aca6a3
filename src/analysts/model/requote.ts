import { z } from 'zod'
import type { PageText } from '../../evidence/document-index.ts'
import type { ProposedQuotation } from '../analyst.ts'
import { type Asking, ask, isNoAnswer } from './asking.ts'
import { requotePrompt } from './prompts/requote.ts'
import { cut } from './text.ts'

/** A quotation that is longer was never one; shown to this length, in UTF-16 units. */
const longestShown = 1_000

const kind = {
  prompt: requotePrompt,
  answer: z.object({
    quotations: z.array(
      z.object({ id: z.string(), quotation: z.string().nullable(), page: z.number().nullable() }),
    ),
  }),
  maxOutputTokens: 4_000,
}

/**
 * Asks once more for quotations that do not stand on these pages, showing the pages where they were said to be. Gives
 * for each the words it should have had, unchecked; nothing for those that are left out. That nothing came of it is no
 * failure: they then stay what they were.
 */
export async function requoteByModel(
  asking: Asking,
  pages: readonly PageText[],
  rejected: readonly ProposedQuotation[],
): Promise<Map<ProposedQuotation, ProposedQuotation>> {
  const said = new Set(rejected.map(({ page }) => page))
  const known = new Set(pages.map(({ number }) => number))
  // Where a page is not one of these, the quotation may be on any.
  const shown = [...said].every((page) => known.has(page))
    ? pages.filter(({ number }) => said.has(number))
    : pages
  const byId = new Map(rejected.map((proposal, position) => [`q${position + 1}`, proposal]))
  const lines = [
    ...shown.map(({ number, text }) => ({ kind: 'page', number, text })),
    ...[...byId].map(([id, { field, quotation, page }]) => {
      return { kind: 'rejected', id, field, page, quotation: cut(quotation, longestShown) }
    }),
  ]
  const again = new Map<ProposedQuotation, ProposedQuotation>()
  try {
    const { quotations } = await ask(asking, kind, lines)
    for (const { id, quotation, page } of quotations) {
      const proposal = byId.get(id)
      if (proposal && quotation !== null)
        again.set(proposal, { ...proposal, quotation: quotation.trim(), page: page ?? proposal.page })
    }
  } catch (thrown) {
    if (!isNoAnswer(thrown)) throw thrown
  }
  asking.onUnusable({ task: kind.prompt.task, unknown: 0, missing: rejected.length - again.size })
  return again
}
