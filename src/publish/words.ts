import type { EvidenceField } from '../contract/evidence.ts'
import type { ScreeningDecision } from '../contract/screening.ts'
import type { Gap } from '../contract/synthesis.ts'

/** Codes in words, as they end a sentence or stand in a table. */
const reasons: Readonly<Record<string, string>> = {
  relevant: 'on the question',
  named: 'named by the person who asked',
  survey_context: 'a survey or an overview',
  out_of_scope: 'shares too little with the question',
  outside_dates: 'published outside the years asked for',
  beyond_limit: 'beyond the number of papers asked for',
  insufficient_detail: 'says too little to be judged',
  missing_evaluation: 'reports no evaluation or result',
  duplicate_work: 'the same work as another paper',
  retracted: 'withdrawn by its publisher',
  labelled_include: 'included by a label',
  labelled_exclude: 'excluded by a label',
  no_open_access: 'no open-access full text is known',
  refused_by_host: 'its host does not let programs in',
  unreachable: 'its host did not give it',
  not_a_full_text: 'something else than a PDF was there',
  address_refused: 'its address must not be reached',
  not_approved: 'its download was not agreed to',
  not_sought: 'not sought',
  no_evidence_found: 'no evidence was found in it',
  not_a_pdf: 'not a PDF',
  damaged: 'damaged file',
  truncated: 'file cut short',
  password_protected: 'password-protected',
  needs_ocr: 'a scan without text',
  no_readable_text: 'no readable text',
  too_large: 'file too large',
  too_many_pages: 'too many pages',
  too_much_text: 'too much text',
  out_of_memory: 'needs too much memory',
  timed_out: 'took too long to read',
  engine_crashed: 'the reader crashed on it',
  file_unreadable: 'file could not be opened',
}

/** A reason code of screening or reading in words; a code unknown here stands for itself. */
export function reasonInWords(code: string): string {
  return Object.hasOwn(reasons, code) ? reasons[code]! : code.replaceAll('_', ' ')
}

/** The parts of a study card, as headings. */
export const fieldNames: Readonly<Record<EvidenceField, string>> = {
  problem: 'Problem',
  method: 'Method',
  dataset: 'Datasets',
  metric: 'Metrics',
  result: 'Results',
  limitation: 'Limitations',
}

/** Who or what decided at screening, as it ends a sentence. */
export const deciders: Readonly<Record<ScreeningDecision['decidedBy'], string>> = {
  rule: 'a rule',
  extractive: 'the extractive analyst',
  model: 'a model',
  classifier: 'the classifier',
  person: 'a person',
}

/** Kinds of gaps, as headings. */
export const gapKinds: Readonly<Record<Gap['kind'], string>> = {
  open_problem: 'Open problem',
  research_opportunity: 'Research opportunity',
  next_experiment: 'Next experiment',
}

/** What a gap was concluded from, as it stands in brackets. */
export const gapOrigins: Readonly<Record<Gap['origin'], string>> = {
  limitations: 'from the limitations that papers state',
  contradiction: 'from papers that contradict each other',
  empty_cell: 'from a combination that no paper covers',
}

/** A count with its noun: `1 paper`, `3 papers`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`
}
