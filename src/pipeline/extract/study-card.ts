import { type EvidenceField, evidenceFields, type StudyCard } from '../../contract/evidence.ts'
import type { Admission } from '../../evidence/admit.ts'
import { fold, lettersAndDigits } from '../../evidence/normalise.ts'

/**
 * Fills a study card with what was admitted. An entry says the analyst's shorter words where they stand in the quotation,
 * else the quotation itself. Entries keep the analyst's order; those of one field that say the same, but for case, become
 * one entry with all their spans.
 */
export function fillCard(paperId: string, admitted: Admission['admitted']): StudyCard {
  const entriesOf = (field: EvidenceField) => {
    const entries = new Map<string, { text: string; spans: string[] }>()
    for (const { proposal, span } of admitted) {
      if (span.field !== field) continue
      const text = standsIn(span.quotation, proposal.text) ? proposal.text : span.quotation
      const entry = entries.get(text.toLowerCase()) ?? { text, spans: [] }
      if (!entry.spans.includes(span.id)) entry.spans.push(span.id)
      entries.set(text.toLowerCase(), entry)
    }
    return [...entries.values()]
  }
  const fields = Object.fromEntries(evidenceFields.map((field) => [field, entriesOf(field)]))
  return { paperId, ...(fields as Omit<StudyCard, 'paperId'>) }
}

/** By letters and digits, as quotations are matched: an analyst may write a name without its line break or accent. */
function standsIn(quotation: string, text: string | undefined): text is string {
  const bare = (words: string) => lettersAndDigits(fold(words).text).text
  return text !== undefined && bare(text) !== '' && bare(quotation).includes(bare(text))
}
