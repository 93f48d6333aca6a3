import { comparisonCue, findingCue, statisticCue } from './cues.ts'
import { measures } from './metric-names.ts'
import type { PaperSentence } from './paper-sentences.ts'
import type { RoleOdds } from './roles.ts'
import type { SectionPurpose } from './section-purposes.ts'

/** The fields whose card entry is a whole sentence. */
export type SentenceField = 'problem' | 'method' | 'result' | 'limitation'

/** A sentence that could be quoted, with all that the choice rests on. */
export interface Candidate extends PaperSentence {
  stems: ReadonlySet<string>
  odds: RoleOdds
  purpose: SectionPurpose
  /** Share of the question's terms, by rarity. */
  relevance: number
  independence: number
}

const proposes =
  /\b(?:we|i|this (?:paper|article|work|study|package|module|course|thesis|report|survey|vignette)|the (?:paper|article|package|course|module|software|proposed \w+)) (?:\w+ly |also |then |here |first |have )*(?:propos\w+|present\w*|introduc\w+|describ\w+|develop\w*|design\w*|implement\w*|us(?:e[ds]?|ing)|appl(?:y|ies|ied)|employ\w*|adopt\w*|train(?:ed)?|fit(?:ted)?|estimat\w+|provid\w+|offer\w*|contain\w*|consist\w*|combin\w+|extend\w*|build|built|compar\w+|analy[sz]e\w*|collect\w*|conduct\w*|recruit\w*|measur\w+|simulat\w+|cover\w*|teach\w*)\b|\b(?:is|are|was|were) (?:based on|implemented|estimated|trained|designed|developed|randomly|collected|computed|obtained by|measured)\b/i
/** The sentence that says what the paper as a whole offers. */
const contributes =
  /\b(?:(?:in )?this (?:paper|article|work|study|package|module|course|thesis|report|survey|vignette|tutorial)|the (?:paper|article|(?:\w+ )?package|course|module)|we)\b[^.]{0,60}\b(?:propos\w+|presents?|introduc\w+|describes?|develop(?:s|ed)?|offers?|provides?|implements?|investigat\w+|stud(?:y|ies)|extends?|reproduces?|replicates?|examines?|evaluates?|surveys?|aims?)\b/i
const states =
  /\b(?:(?:the|a|an|this|main|major|important|key|common) (?:problem|challenge|difficulty|task|question|goal|aim|objective|purpose|need|issue|barrier)s?\b|need (?:for|to)|lack(?:s|ed|ing)? |challeng\w+|difficult|gap|remains? (?:\w+ )?(?:open|unclear|unknown|difficult|challenging|a)|hypothesi[sz]e\w*|aim(?:s|ed)? (?:to|at)|(?:is|are|was|were) (?:often |still |not |rarely |usually )?(?:expensive|costly|hard|limited|poorly|unavailable|problematic|unclear|unknown|too|intractable|prone|prohibitive\w*)|little (?:is|attention)|few (?:studies|papers|methods|resources)|designed to|motivat\w+)\b/i
const finds =
  /\b(?:we|our (?:results?|findings|experiments?|analysis|approach|method|model|algorithm|system|study)|(?:the|these) (?:results?|findings|experiments?|analysis|evaluations?)|results?|experiments?|students|participants|patients) (?:\w+ly |also |then |further |have |has )*(?:found|find|finds|show\w*|demonstrat\w+|observ\w+|obtain\w*|achiev\w+|outperform\w*|improv\w+|conclud\w+|confirm\w*|reveal\w*|indicat\w+|suggest\w*|report\w*|prov\w+|reproduc\w+|replicat\w+|succeed\w*|perform\w*|yield\w*|reach\w*|were able|was able|are able|could|emphasi[sz]e\w*|support\w*|detect\w*)\b|\b(?:has been|was) (?:detected|observed)\b|\b(?:outperforms?|significantly (?:\w+ )?(?:better|worse|higher|lower|more|less|faster|improve\w*|increase\w*|reduce\w*)|(?:is|was|are|were) (?:significant|superior|comparable|consistent|better|faster|effective|successful|reproduc\w+|associated))\b/i
/** What others found is not this paper's finding. */
const othersWork =
  /^[^.]{0,80}(?:\bet al\b|\((?:19|20)\d\d\)|, (?:19|20)\d\d\))|\b(?:previous(?:ly)?|prior|earlier|recent) (?:work|studies|research|results|methods|approaches)\b|\b(?:has|have) been (?:shown|reported|proposed|used|studied|found)\b/i
const illustrates =
  /\b(?:for (?:example|instance)|benchmarks? (?:like|such as)|datasets? (?:like|such as)|e\.g\.|suppose|consider|assume|let us|imagine|if we|imagine)\b/i
/** What the paper says of its own reach, not of a part of a method. */
const own =
  /\b(?:we|our|this (?:paper|study|work|article|package|approach|method|analysis|model|course|module|dataset)|the (?:present|current|proposed|authors?|package|method|approach|study|sample|dataset|analysis|implementation|software|results?))\b/i

/** The story of a project, not its method. */
const narrates =
  /^In (?:(?:January|February|March|April|May|June|July|August|September|October|November|December) )?(?:19|20)\d\d,|\bthe authors? (?:left|joined|moved|received|reached|thank)/i
/** What a section or a proof does next, in a sentence of its own: nothing that a paper offers. */
const signposts =
  /^(?:In this section,? )?(?:We|I) (?:first |now |next |then |begin by |will )*(?:describ|explain|discuss|outlin|sketch|illustrat|recall|review|summari[sz]|turn)\w* (?:how|why|what|when|the|our|some|a few)\b|^We (?:will )?first (?:introduc|present|defin)\w* /
/** What was done rather than what came out: passive steps, and steps in a numbered list. */
const proceeds =
  /\b(?:is|are|was|were) (?:\w+ly )?(?:used|computed|performed|implemented|initiali[sz]ed|collected|annotated|chosen|selected|set to|read|counted|checked|inspected|examined|labelled|labeled|drawn)\b|\(1\).*\(2\)|\bshow(?:s|ing|n)? how to\b|\breports? (?:the |our )?results (?:on|for|in|of)\b|\b(?:first|to validate|in order to)\b.*\b(?:run|use|used|using)\b/i
/** Where a paper speaks of itself as a whole. */
const broad: ReadonlySet<SectionPurpose> = new Set(['abstract', 'introduction', 'conclusion'])

/** How well a sentence tells of a field: role, cues, section, nearness to the question and independence, added up. */
export const scoreOf: Record<SentenceField, (candidate: Candidate) => number> = {
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
    (proposes.test(text) || odds.method > 0.5 ? 0 : 0.25) -
    (narrates.test(text) ? 0.8 : 0) -
    (signposts.test(text) && !broad.has(purpose) ? 0.6 : 0) -
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
    (proceeds.test(text) ? 0.3 : 0) -
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

const usesData =
  /\b(?:us(?:e[ds]?|ing)|train\w*|test\w*|evaluat\w+|experiment\w*|collect\w*|contain\w*|consist\w*|analy[sz]\w+|obtain\w*|appl(?:y|ied)|from|on|perform\w*|results?|reproduc\w+|compar\w+|introduc\w+|releas\w+)\b/i

/** How well a sentence tells that a dataset or a metric was used, and not only named. */
export function useScore(
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
