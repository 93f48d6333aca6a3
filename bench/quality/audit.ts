import { resolve } from 'node:path'
import { z } from 'zod'
import { answerQuestion } from '../../src/analysts/extractive/answer.ts'
import { attributed } from '../../src/analysts/extractive/attribution.ts'
import { auditClaims } from '../../src/analysts/extractive/audit.ts'
import { isQuotableSentence } from '../../src/analysts/extractive/quotable.ts'
import { stanceOf } from '../../src/analysts/extractive/relate.ts'
import type { EvidenceSpan } from '../../src/contract/evidence.ts'
import type { Paper } from '../../src/contract/paper.ts'
import { splitSentences } from '../../src/methods/text/sentences.ts'
import { csabstruct, readLines } from '../training/labelled-sentences.ts'
import { mutations } from './claim-mutations.ts'
import type { Measure } from './measure.ts'

const paper: Paper = {
  id: 'p1',
  fields: { title: 'A paper', authors: [{ family: 'Marsh' }, { family: 'Oduya' }], year: 2019 },
  provenance: {},
  records: ['r1'],
  mergedBecause: [],
}

function spanOf(id: string, quotation: string, paperId = paper.id): EvidenceSpan {
  const locator = { document: '0'.repeat(64), ranges: [{ page: 1, start: 0, end: quotation.length }] }
  return { id, paperId, field: 'result', quotation, locator, confidence: 0.8 }
}

/** Whether the audit lets a claim on one quotation pass as it is. */
function passes(text: string, quotation: string): boolean {
  const claim = { id: 'c1', themeId: 't1', text, spans: ['s1'], salience: 1, uncertainty: 'low' as const }
  const evidence = { spans: new Map([['s1', spanOf('s1', quotation)]]), papers: new Map([[paper.id, paper]]) }
  return auditClaims([claim], evidence)[0]!.verdict === 'supported'
}

const corpusSchema = z.object({ id: z.string(), sentences: z.array(z.string()) })

/** Sentences of abstracts of biomedicine and computing that could be quoted, at most so many. */
function quotations(labelledSets: string, most: number): string[] {
  const biomedicine = readLines(resolve(labelledSets, 'scifact/corpus.jsonl'), corpusSchema)
    .filter((_, index) => index % 20 === 0)
    .flatMap(({ sentences }) => sentences)
  const computing = csabstruct(labelledSets).flatMap(({ sentences }) => sentences)
  return [...biomedicine, ...computing].filter((sentence) => isQuotableSentence(sentence)).slice(0, most)
}

/**
 * The audit on claims made of real sentences: how many true ones it disturbs (said of their authors; without their last
 * clause), and how many it stops after one change of meaning, by kind of change.
 */
export async function measureAudit(labelledSets: string, most: number = 4_000): Promise<Measure[]> {
  const sentences = quotations(labelledSets, most)
  const set = `${sentences.length} sentences of SciFact and CSAbstruct`
  const share = (flags: readonly boolean[]) => flags.filter(Boolean).length / Math.max(1, flags.length)
  const whole = sentences.map((sentence) => !passes(attributed(sentence, 'result', paper), sentence))
  const shortened = sentences.flatMap((sentence) => {
    const cut = /^(.{40,}?), (?:which|whereas|while|although|and|as) [^“”]+$/.exec(sentence)
    return cut ? [!passes(`${cut[1]}.`, sentence)] : []
  })
  const measures: Measure[] = [
    { task: 'audit', set, metric: 'true claims disturbed', value: share(whole) },
    {
      task: 'audit',
      set,
      metric: `true claims disturbed, last clause cut (${shortened.length})`,
      value: share(shortened),
    },
  ]
  for (const { name, apply } of mutations) {
    const stopped = sentences.flatMap((sentence, index) => {
      const mutated = apply(sentence, sentences[(index + 7) % sentences.length]!)
      return mutated === undefined ? [] : [!passes(mutated, sentence)]
    })
    measures.push({
      task: 'audit',
      set,
      metric: `stopped: ${name} (${stopped.length})`,
      value: share(stopped),
      atLeast: 0.95,
    })
  }
  return measures
}

const stanceSchema = z.object({ claim: z.string(), evidence: z.string(), label: z.string() })

/** Agreement and contradiction on pairs of HealthVer (Sarrouti et al. 2021): precision, and how often anything is said. */
export async function measureStances(labelledSets: string): Promise<Measure[]> {
  const pairs = readLines(resolve(labelledSets, 'evidence/healthver_dev.jsonl'), stanceSchema)
  const set = `HealthVer dev (${pairs.length} pairs)`
  const judged = pairs.map(({ claim, evidence, label }) => ({ label, kind: stanceOf(claim, evidence)?.kind }))
  const of = (kind: string) => judged.filter((pair) => pair.kind === kind)
  const precision = (kind: string, label: string) =>
    of(kind).filter((pair) => pair.label === label).length / Math.max(1, of(kind).length)
  const base = (label: string) => pairs.filter((pair) => pair.label === label).length / pairs.length
  const task = 'relations'
  return [
    {
      task,
      set,
      metric: `agreement: precision (${of('agreement').length} said)`,
      value: precision('agreement', 'Supports'),
    },
    { task, set, metric: 'agreement: precision of a guess', value: base('Supports') },
    {
      task,
      set,
      metric: `contradiction: precision (${of('contradiction').length} said)`,
      value: precision('contradiction', 'Refutes'),
    },
    { task, set, metric: 'contradiction: precision of a guess', value: base('Refutes') },
  ]
}

const questionSchema = z.object({
  id: z.string(),
  question: z.string(),
  sections: z.array(z.object({ text: z.string() })),
  conclusion: z.string(),
})
/** Papers among whose sentences an answer is sought. */
const shelf = 20

/**
 * Answers to PubMedQA's questions from the sentences of twenty abstracts: whether the first sentence comes from the
 * abstract that the question was made of, and whether nothing is answered when that abstract is away.
 */
export async function measureAnswers(labelledSets: string, most: number = 200): Promise<Measure[]> {
  const questions = readLines(resolve(labelledSets, 'evidence/pubmedqa_dev.jsonl'), questionSchema).slice(
    0,
    most,
  )
  const spansOf = questions.map(({ id, sections, conclusion }) =>
    [...sections.map(({ text }) => text), conclusion].flatMap((text, part) =>
      splitSentences(text).map(({ start, end }, index) =>
        spanOf(`${id}-${part}-${index}`, text.slice(start, end), id),
      ),
    ),
  )
  const outcomes = questions.map(({ id, question }, index) => {
    const others = Array.from(
      { length: shelf - 1 },
      (_, step) => spansOf[(index + step + 1) % questions.length]!,
    ).flat()
    const ask = (spans: readonly EvidenceSpan[]) =>
      answerQuestion(question, { spans: new Map(spans.map((span) => [span.id, span])), papers: new Map() })
    const answer = ask([...spansOf[index]!, ...others])
    return {
      answered: answer !== undefined,
      right: answer?.sentences[0]?.spans[0]?.startsWith(`${id}-`) ?? false,
      silent: ask(others) === undefined,
    }
  })
  const share = (of: (outcome: (typeof outcomes)[number]) => boolean) =>
    outcomes.filter(of).length / outcomes.length
  const set = `PubMedQA dev (${questions.length} questions, ${shelf} abstracts each)`
  const task = 'answers'
  return [
    { task, set, metric: 'first sentence from the right abstract', value: share(({ right }) => right) },
    { task, set, metric: 'answered', value: share(({ answered }) => answered) },
    { task, set, metric: 'silent when the abstract is away', value: share(({ silent }) => silent) },
  ]
}
