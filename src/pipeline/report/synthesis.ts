import type { EvidenceSpan } from '../../contract/evidence.ts'
import type { Paper } from '../../contract/paper.ts'
import type { Sentence, SynthesisSection } from '../../contract/report.ts'
import type { Audit, Claim, Gap, Relation, Theme } from '../../contract/synthesis.ts'
import type { CitationNumbers } from './citations.ts'

/** A claim that passed its audit, with the text that may be published. */
export interface PublishedClaim {
  claim: Claim
  text: string
}

/** Claims whose audit found them supported or could repair them. All others stay out of the report's text. */
export function publishedClaims(claims: readonly Claim[], audits: readonly Audit[]): PublishedClaim[] {
  const auditOf = new Map(audits.map((audit) => [audit.claimId, audit]))
  return claims.flatMap((claim) => {
    const audit = auditOf.get(claim.id)
    const passed = audit?.verdict === 'supported' || audit?.verdict === 'repaired'
    return passed && audit.publishedText !== undefined ? [{ claim, text: audit.publishedText }] : []
  })
}

/** What the synthesis is written from. */
export interface SynthesisMaterial {
  themes: readonly Theme[]
  published: readonly PublishedClaim[]
  spans: ReadonlyMap<string, EvidenceSpan>
  papers: ReadonlyMap<string, Paper>
  numbers: CitationNumbers
}

/** At most this many sentences open the report. */
const summarySentences = 6

/**
 * The report's opening: the weightiest statements of all themes on what was found and how, taken from the themes in turn,
 * larger themes first; no paper speaks twice before the others of its theme.
 */
export function writeSummary({ themes, published, spans, numbers }: SynthesisMaterial): Sentence[] {
  const ofThemes = themes.map((theme) => {
    const own = published.filter(({ claim }) => claim.themeId === theme.id)
    const telling = own.filter((entry) => ['result', 'method'].includes(fieldOf(entry, spans)))
    return eachPaperFirst(weightiestFirst(telling.length > 0 ? telling : own), spans)
  })
  const chosen: PublishedClaim[] = []
  for (let round = 0; round < summarySentences; round++)
    for (const claims of ofThemes) {
      const claim = claims[round]
      if (claim && chosen.length < summarySentences) chosen.push(claim)
    }
  const place = new Map(themes.map((theme, index) => [theme.id, index]))
  return chosen
    .toSorted((one, other) => place.get(one.claim.themeId)! - place.get(other.claim.themeId)!)
    .map((entry) => finding(entry, numbers))
}

/** The statements in their order, but each paper's first before any paper's second. */
function eachPaperFirst(
  entries: readonly PublishedClaim[],
  spans: ReadonlyMap<string, EvidenceSpan>,
): PublishedClaim[] {
  const ofPapers = Map.groupBy(entries, ({ claim }) => spans.get(claim.spans[0]!)?.paperId)
  const turnOf = new Map(
    [...ofPapers.values()].flatMap((own) => [...own.entries()].map(([turn, entry]) => [entry, turn])),
  )
  return entries.toSorted((one, other) => turnOf.get(one)! - turnOf.get(other)!)
}

/** One section for each theme: who is in it, what they set out to do and how, what they found, what they say limits it. */
export function writeSynthesis(material: SynthesisMaterial): SynthesisSection[] {
  return material.themes.map((theme) => ({
    themeId: theme.id,
    title: theme.label,
    paragraphs: paragraphsOf(theme, material),
  }))
}

function paragraphsOf(theme: Theme, { published, spans, numbers }: SynthesisMaterial): Sentence[][] {
  const own = weightiestFirst(published.filter(({ claim }) => claim.themeId === theme.id))
  const among = (...fields: string[]) =>
    own.filter((entry) => fields.includes(fieldOf(entry, spans))).map((entry) => finding(entry, numbers))
  const opening: Sentence = { kind: 'link', text: theme.description, citations: [] }
  if (own.length === 0) {
    const silence =
      'No statement about this theme passed the audit; the study cards show what its papers say.'
    return [[opening, { kind: 'link', text: silence, citations: [] }]]
  }
  return [
    [opening, ...among('problem', 'method', 'dataset', 'metric')],
    among('result'),
    among('limitation'),
  ].filter((paragraph) => paragraph.length > 0)
}

/** Agreements and contradictions whose claims are all published, cited with all their spans. */
export function writeRelations(
  relations: readonly Relation[],
  published: readonly PublishedClaim[],
  numbers: CitationNumbers,
): Sentence[] {
  const claimOf = new Map(published.map(({ claim }) => [claim.id, claim]))
  return relations.flatMap((relation) => {
    const claims = relation.claims.map((id) => claimOf.get(id))
    if (!claims.every((claim) => claim !== undefined)) return []
    const citations = numbers.cite(claims.flatMap((claim) => claim.spans))
    return [{ kind: 'finding' as const, text: relation.statement, citations }]
  })
}

/** One sentence for each gap. An empty cell is the absence of evidence and cites none. */
export function writeGaps(gaps: readonly Gap[], numbers: CitationNumbers): Sentence[] {
  return gaps.map((gap) => ({
    kind: gap.spans.length > 0 ? ('finding' as const) : ('link' as const),
    text: gap.description,
    citations: numbers.cite(gap.spans),
  }))
}

function finding({ claim, text }: PublishedClaim, numbers: CitationNumbers): Sentence {
  return { kind: 'finding', text, citations: numbers.cite(claim.spans), claim: claim.id }
}

function fieldOf({ claim }: PublishedClaim, spans: ReadonlyMap<string, EvidenceSpan>): string {
  return spans.get(claim.spans[0]!)?.field ?? 'result'
}

function weightiestFirst(entries: readonly PublishedClaim[]): PublishedClaim[] {
  return [...entries].sort(
    (one, other) => other.claim.salience - one.claim.salience || (one.claim.id < other.claim.id ? -1 : 1),
  )
}
