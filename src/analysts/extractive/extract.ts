import type { Page } from '../../contract/document.ts'
import type { EvidenceField } from '../../contract/evidence.ts'
import type { Plan } from '../../contract/plan.ts'
import { tokenize } from '../../methods/text/tokens.ts'
import type { ProposedQuotation } from '../analyst.ts'
import { comparisonCue, findingCue, statisticCue } from './cues.ts'
import { datasetsIn, type FoundName } from './dataset-names.ts'
import { measures, metricsIn } from './metric-names.ts'
import { type PaperSentence, sentencesOfPaper } from './paper-sentences.ts'
import { independence, isQuotableSentence } from './quotable.ts'
import { totalRarity } from './rarity.ts'
import { type RoleOdds, roleOdds } from './roles.ts'
import { purposeOfSection, type SectionPurpose } from './section-purposes.ts'

/** At most this many quotations of each field: what a person would note on a card. */
const most = { problem: 2, method: 3, dataset: 5, metric: 5, result: 4, limitation: 3 } as const
/** A candidate below this score says too little of the field. */
const least = { problem: 0.9, method: 0.95, result: 0.95, limitation: 0.9 } as const
/** How far below that a paper's only problem or method may be: a card without either says little. */
const makeshift = { problem: 0.25, method: 0.25, result: 0, limitation: 0 } as const
/** Two quotations that share this part of their stems (of the shorter) say the same. */
const sameWords = 0.6

type SentenceField = keyof typeof least

/** A sentence that could be quoted, with all that the choice rests on. */
interface Candidate extends PaperSentence {
  stems: ReadonlySet<string>
  odds: RoleOdds
  purpose: SectionPurpose
  /** Share of the question's terms, by rarity. */
  relevance: number
  independence: number
}

/**
 * Reads the whole paper and proposes the quotations of its study card, best first within a field: whole sentences that
 * stand alone, from where the paper's sections tell of it, and where there is a choice those nearest to the question. For
 * a dataset or a metric the card's text is the name itself.
 */
export function extractQuotations(plan: Plan, pages: readonly Page[]): ProposedQuotation[] {
  const terms = plan.concepts.map(({ term, synonyms }) => new Set(tokenize([term, ...synonyms].join(' '))))
  const wanted = new Set(tokenize(plan.concepts.map(({ term }) => term).join(' ')))
  const candidates = sentencesOfPaper(pages)
    .filter(({ text, afterSentence }) => isQuotableSentence(text, afterSentence))
    .map((sentence): Candidate => {
      const stems = new Set(tokenize(sentence.text))
      const concepts = terms.filter((own) => [...own].some((stem) => stems.has(stem))).length
      const overlap =
        totalRarity([...wanted].filter((stem) => stems.has(stem))) / Math.max(1, totalRarity(wanted))
      return {
        ...sentence,
        stems,
        odds: roleOdds(sentence.text, sentence.heading),
        purpose: purposeOfSection(sentence.heading),
        relevance: (overlap + concepts / Math.max(1, terms.length)) / 2,
        independence: independence(sentence.text),
      }
    })
  const taken = new Set<Candidate>()
  const chosen = (['result', 'limitation', 'method', 'problem'] as const).map((field) =>
    choose(field, candidates, taken),
  )
  const [result, limitation, method, problem] = chosen as [
    ProposedQuotation[],
    ProposedQuotation[],
    ProposedQuotation[],
    ProposedQuotation[],
  ]
  return [
    ...problem,
    ...method,
    ...chooseNames('dataset', candidates, datasetsIn),
    ...chooseNames('metric', candidates, metricsIn),
    ...result,
    ...limitation,
  ]
}

/** The best of one field, greedily: what repeats a chosen one, or was chosen for another field, is passed over. */
function choose(
  field: SentenceField,
  candidates: readonly Candidate[],
  taken: Set<Candidate>,
): ProposedQuotation[] {
  const ranked = candidates
    .map((candidate) => ({ candidate, score: scoreOf[field](candidate) }))
    .filter(({ candidate, score }) => score >= least[field] - makeshift[field] && !taken.has(candidate))
    .sort((one, other) => other.score - one.score || one.candidate.position - other.candidate.position)
  const kept: { candidate: Candidate; score: number }[] = []
  for (const entry of ranked) {
    if (kept.length === most[field] || (entry.score < least[field] && kept.length > 0)) break
    const same = [...taken].some(({ stems }) => overlapOf(stems, entry.candidate.stems) >= sameWords)
    const crowded = kept.filter(
      ({ candidate }) => Math.abs(candidate.position - entry.candidate.position) < 0.01,
    ).length
    if (same || crowded >= 2) continue
    kept.push(entry)
    taken.add(entry.candidate)
  }
  return kept.map(({ candidate, score }) => quotationOf(field, candidate, confidenceOf(score - least[field])))
}

function quotationOf(
  field: EvidenceField,
  candidate: Candidate,
  confidence: number,
  text?: string,
): ProposedQuotation {
  return {
    field,
    quotation: candidate.text,
    page: candidate.page,
    ...(candidate.section !== undefined && { section: candidate.section }),
    confidence,
    ...(text !== undefined && { text }),
  }
}

/** From a half, where a candidate is barely good enough, towards 0.95; below a half for a makeshift. */
function confidenceOf(margin: number): number {
  if (margin < 0) return Math.round((0.5 + margin) * 100) / 100
  return Math.round((0.5 + 0.45 * (1 - Math.exp(-1.2 * Math.max(0, margin)))) * 100) / 100
}

const proposes =
  /\b(?:we|i|this (?:paper|article|work|study|package|module|course|thesis|report|survey|vignette)|the (?:paper|article|package|course|module|software|proposed \w+)) (?:\w+ly |also |then |here |first |have )*(?:propos\w+|present\w*|introduc\w+|describ\w+|develop\w*|design\w*|implement\w*|us(?:e[ds]?|ing)|appl(?:y|ies|ied)|employ\w*|adopt\w*|train(?:ed)?|fit(?:ted)?|estimat\w+|provid\w+|offer\w*|contain\w*|consist\w*|combin\w+|extend\w*|build|built|compar\w+|analy[sz]e\w*|collect\w*|conduct\w*|recruit\w*|measur\w+|simulat\w+|cover\w*|teach\w*)\b|\b(?:is|are|was|were) (?:based on|implemented|estimated|trained|designed|developed|randomly|collected|computed|obtained by|measured)\b/i
/** The sentence that says what the paper as a whole offers. */
const contributes =
  /\b(?:(?:in )?this (?:paper|article|work|study|package|module|course|thesis|report|survey|vignette|tutorial)|the (?:paper|article|(?:\w+ )?package|course|module)|we)\b[^.]{0,60}\b(?:propos\w+|presents?|introduc\w+|describes?|develop(?:s|ed)?|offers?|provides?|implements?|investigat\w+|stud(?:y|ies)|extends?|reproduces?|replicates?|examines?|evaluates?|surveys?|aims?)\b/i
const states =
  /\b(?:(?:the|a|an|this|main|major|important|key|common) (?:problem|challenge|difficulty|task|question|goal|aim|objective|purpose|need|issue|barrier)s?\b|need (?:for|to)|lack(?:s|ed|ing)? |challeng\w+|difficult|gap|remains? (?:\w+ )?(?:open|unclear|unknown|difficult|challenging|a)|hypothesi[sz]e\w*|aim(?:s|ed)? (?:to|at)|(?:is|are|was|were) (?:often |still |not |rarely |usually )?(?:expensive|costly|hard|limited|poorly|unavailable|problematic|unclear|unknown|too|intractable|prone|prohibitive\w*)|little (?:is|attention)|few (?:studies|papers|methods|resources)|designed to|motivat\w+)\b/i
const finds =
  /\b(?:we|our (?:results?|findings|experiments?|analysis|approach|method|model|algorithm|system|study)|(?:the|these) (?:results?|findings|experiments?|analysis|evaluations?)|results?|experiments?|students|participants|patients) (?:\w+ly |also |then |further |have |has )*(?:found|find|finds|show\w*|demonstrat\w+|observ\w+|obtain\w*|achiev\w+|outperform\w*|improv\w+|conclud\w+|confirm\w*|reveal\w*|indicat\w+|suggest\w*|report\w*|prov\w+|reproduc\w+|replicat\w+|succeed\w*|perform\w*|yield\w*|reach\w*|were able|was able|are able|could)\b|\b(?:outperforms?|significantly (?:\w+ )?(?:better|worse|higher|lower|more|less|faster|improve\w*|increase\w*|reduce\w*)|(?:is|was|are|were) (?:significant|superior|comparable|consistent|better|faster|effective|successful|reproduc\w+|associated))\b/i
/** What others found is not this paper's finding. */
const othersWork =
  /^[^.]{0,80}(?:\bet al\b|\((?:19|20)\d\d\)|, (?:19|20)\d\d\))|\b(?:previous(?:ly)?|prior|earlier|recent) (?:work|studies|research|results|methods|approaches)\b|\b(?:has|have) been (?:shown|reported|proposed|used|studied|found)\b/i
const illustrates =
  /\b(?:for (?:example|instance)|benchmarks? (?:like|such as)|datasets? (?:like|such as)|e\.g\.|suppose|consider|assume|let us|imagine|if we|imagine)\b/i
/** What the paper says of its own reach, not of a part of a method. */
const own =
  /\b(?:we|our|this (?:paper|study|work|article|package|approach|method|analysis|model|course|module|dataset)|the (?:present|current|proposed|authors?|package|method|approach|study|sample|dataset|analysis|implementation|software|results?))\b/i

/** Where a paper speaks of itself as a whole. */
const broad: ReadonlySet<SectionPurpose> = new Set(['abstract', 'introduction', 'conclusion'])

const scoreOf: Record<SentenceField, (candidate: Candidate) => number> = {
  problem: ({ text, odds, purpose, relevance, independence: alone, position }) =>
    0.9 * odds.objective +
    0.5 * odds.background +
    (states.test(text) ? 0.5 : 0) +
    inSection(purpose, {
      abstract: 0.4,
      introduction: 0.35,
      related: -0.2,
      methods: -0.3,
      results: -0.5,
      data: -0.3,
      conclusion: -0.3,
      discussion: -0.3,
    }) +
    0.5 * relevance +
    0.5 * (alone - 1) +
    (position < 0.1 ? 0.2 : position < 0.25 ? 0 : -0.35) -
    (proposes.test(text) && !states.test(text) ? 0.3 : 0) -
    (finds.test(text) ? 0.3 : 0) -
    (othersWork.test(text) ? 0.3 : 0),
  method: ({ text, odds, purpose, relevance, independence: alone, position }) =>
    0.7 * odds.method +
    0.35 * odds.objective +
    (proposes.test(text) ? 0.45 : 0) +
    (contributes.test(text) && broad.has(purpose) ? 0.45 : 0) +
    inSection(purpose, {
      abstract: 0.3,
      introduction: 0.1,
      methods: 0.25,
      data: 0.1,
      related: -0.4,
      results: -0.1,
      conclusion: 0,
      limitations: -0.6,
    }) +
    0.5 * relevance +
    0.5 * (alone - 1) -
    (position > 0.75 ? 0.15 : 0) -
    (othersWork.test(text) ? 0.4 : 0) -
    (illustrates.test(text) ? 0.3 : 0) -
    (finds.test(text) ? 0.2 : 0),
  result: ({ text, odds, purpose, relevance, independence: alone, position }) =>
    0.6 * odds.result +
    (finds.test(text) ? 0.5 : findingCue.test(text) ? 0.15 : -0.4) +
    (comparisonCue.test(text) ? 0.15 : 0) +
    (statisticCue.test(text) || /\b\d+(?:\.\d+)?\b/.test(text) ? 0.15 : 0) +
    inSection(purpose, {
      abstract: 0.3,
      results: 0.3,
      conclusion: 0.4,
      discussion: 0.3,
      introduction: -0.15,
      related: -0.7,
      methods: -0.25,
      data: -0.3,
    }) +
    0.5 * relevance +
    0.6 * (alone - 1) +
    (position > 0.5 ? 0.1 : 0) -
    (contributes.test(text) && !finds.test(text) ? 0.3 : 0) -
    (othersWork.test(text) ? 0.35 : 0) -
    (illustrates.test(text) ? 0.3 : 0),
  limitation: ({ text, odds, purpose, relevance, independence: alone }) =>
    odds.limitation === 0
      ? 0
      : odds.limitation +
        (own.test(text) ? 0.25 : 0) +
        inSection(purpose, {
          limitations: 0.35,
          discussion: 0.25,
          conclusion: 0.25,
          results: 0.05,
          introduction: -0.3,
          related: -0.6,
          abstract: 0,
          methods: -0.1,
        }) +
        0.3 * relevance +
        0.5 * (alone - 1) -
        (othersWork.test(text) ? 0.4 : 0) -
        (illustrates.test(text) ? 0.3 : 0),
}

function inSection(purpose: SectionPurpose, worth: Partial<Record<SectionPurpose, number>>): number {
  return worth[purpose] ?? 0
}

/** Names that papers mention most, each with the sentence that tells most of its use. */
function chooseNames(
  field: 'dataset' | 'metric',
  candidates: readonly Candidate[],
  namesIn: (sentence: string) => FoundName[],
): ProposedQuotation[] {
  const mentions = new Map<string, { name: FoundName; candidate: Candidate; score: number; count: number }>()
  for (const candidate of candidates) {
    if (candidate.purpose === 'related') continue
    for (const name of namesIn(candidate.text)) {
      const score = useScore(field, candidate)
      const known = mentions.get(name.key)
      if (known === undefined) mentions.set(name.key, { name, candidate, score, count: 1 })
      else {
        known.count++
        if (score > known.score) Object.assign(known, { name, candidate, score })
      }
    }
  }
  return [...mentions.values()]
    .map((mention) => ({ ...mention, total: mention.score + 0.15 * Math.min(4, mention.count - 1) }))
    .filter(({ total }) => total >= 0.8)
    .sort((one, other) => other.total - one.total || (one.name.key < other.name.key ? -1 : 1))
    .slice(0, most[field])
    .map(({ name, candidate, total }) => quotationOf(field, candidate, confidenceOf(total - 0.8), name.text))
}

const usesData =
  /\b(?:us(?:e[ds]?|ing)|train\w*|test\w*|evaluat\w+|experiment\w*|collect\w*|contain\w*|consist\w*|analy[sz]\w+|obtain\w*|appl(?:y|ied)|from|on|perform\w*|results?|reproduc\w+|compar\w+|introduc\w+|releas\w+)\b/i

function useScore(
  field: 'dataset' | 'metric',
  { text, purpose, odds, relevance, independence: alone }: Candidate,
): number {
  const used = field === 'dataset' ? usesData.test(text) : measures(text)
  return (
    0.5 +
    (used ? 0.3 : 0) +
    0.3 * Math.max(odds.method, odds.result) +
    inSection(purpose, {
      results: 0.25,
      data: 0.25,
      abstract: 0.2,
      methods: 0.1,
      conclusion: 0.15,
      introduction: -0.15,
      limitations: -0.1,
    }) +
    0.2 * relevance +
    0.4 * (alone - 1) -
    (othersWork.test(text) ? 0.4 : 0) -
    (illustrates.test(text) ? 0.2 : 0)
  )
}

/** Share of the smaller set's stems that both have. */
function overlapOf(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const [small, large] = one.size < other.size ? [one, other] : [other, one]
  if (small.size === 0) return 0
  return [...small].filter((stem) => large.has(stem)).length / small.size
}
