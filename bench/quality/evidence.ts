import { evidenceFeatures } from '../../src/analysts/extractive/evidence-features.ts'
import { leastCoverage } from '../../src/analysts/extractive/evidence-ranker.ts'
import { fitEvidence, rankedLists } from '../training/evidence.ts'
import { type LabelledEvidence, scifactEvidence, trialEvidence } from '../training/labelled-evidence.ts'
import { score } from '../training/pairwise-model.ts'
import type { Measure } from './measure.ts'

const folds = 5
const task = 'evidence'

/**
 * Sentences that bear on a claim, cross-validated by document, `tried` of five folds: whether one of the first k is
 * gold, beside BM25 alone; and how well coverage tells documents with evidence from documents without.
 */
export async function measureEvidence(labelledSets: string, tried: number = folds): Promise<Measure[]> {
  const claims = scifactEvidence(labelledSets)
  const trials = trialEvidence(labelledSets)
  const onClaims = crossValidate(claims, 'abstract', [1, 3], tried)
  const onTrials = crossValidate(trials, 'full text', [1, 5], tried)
  const set = `SciFact train, ${folds}-fold (${claims.length} claims with their abstracts)`
  const fullTexts = `Evidence Inference dev, ${folds}-fold (${trials.length} prompts over full texts)`
  const none = scifactEvidence(labelledSets, true)
  return [
    { task, set, metric: 'hit@1', value: onClaims.ranker[0]!, atLeast: 0.62, excellent: 0.68 },
    { task, set, metric: 'hit@3', value: onClaims.ranker[1]!, atLeast: 0.87, excellent: 0.9 },
    { task, set, metric: 'hit@1 of BM25 alone', value: onClaims.bm25[0]! },
    { task, set, metric: 'hit@3 of BM25 alone', value: onClaims.bm25[1]! },
    { task, set: fullTexts, metric: 'hit@1', value: onTrials.ranker[0]!, atLeast: 0.38, excellent: 0.5 },
    { task, set: fullTexts, metric: 'hit@5', value: onTrials.ranker[1]!, atLeast: 0.7, excellent: 0.8 },
    { task, set: fullTexts, metric: 'hit@1 of BM25 alone', value: onTrials.bm25[0]! },
    { task, set: fullTexts, metric: 'hit@5 of BM25 alone', value: onTrials.bm25[1]! },
    ...abstention(claims, none),
  ]
}

function crossValidate(
  labelled: readonly LabelledEvidence[],
  kind: 'abstract' | 'full text',
  depths: readonly number[],
  tried: number,
): { ranker: number[]; bm25: number[] } {
  const groups = [...new Set(labelled.map(({ group }) => group))]
  const foldOf = new Map(groups.map((group, index) => [group, index % folds]))
  const lists = rankedLists(labelled)
  const held = lists.filter(({ group }) => foldOf.get(group)! < tried)
  const hits = { ranker: depths.map(() => 0), bm25: depths.map(() => 0) }
  for (let fold = 0; fold < tried; fold++) {
    const weights = fitEvidence(
      lists.filter(({ group }) => foldOf.get(group) !== fold),
      kind,
    )
    for (const { features, gold } of lists.filter(({ group }) => foldOf.get(group) === fold)) {
      const first = (scoreOf: (row: ArrayLike<number>) => number) =>
        features
          .map((row, index) => ({ index, value: scoreOf(row) }))
          .sort((one, other) => other.value - one.value || one.index - other.index)
          .findIndex(({ index }) => gold.has(index))
      for (const [at, depth] of depths.entries()) {
        if (first((row) => score(weights, row)) < depth) hits.ranker[at]!++
        if (first((row) => row[0]!) < depth) hits.bm25[at]!++
      }
    }
  }
  const share = (count: number) => count / held.length
  return { ranker: hits.ranker.map(share), bm25: hits.bm25.map(share) }
}

function abstention(holding: readonly LabelledEvidence[], none: readonly LabelledEvidence[]): Measure[] {
  const best = ({ query, sentences }: LabelledEvidence) =>
    Math.max(0, ...evidenceFeatures(query, sentences).map(({ coverage }) => coverage))
  const withEvidence = holding.map(best)
  const without = none.map(best)
  const wins = withEvidence.flatMap((one) =>
    without.map((other) => (one > other ? 1 : one === other ? 0.5 : 0)),
  )
  const set = `SciFact train (${holding.length} abstracts with evidence, ${none.length} cited without)`
  const kept = (values: readonly number[]) =>
    values.filter((value) => value >= leastCoverage).length / values.length
  return [
    {
      task,
      set,
      metric: 'AUC of coverage',
      value: wins.reduce<number>((sum, win) => sum + win, 0) / wins.length,
    },
    { task, set, metric: 'abstracts with evidence kept', value: kept(withEvidence) },
    { task, set, metric: 'abstracts without evidence dropped', value: 1 - kept(without) },
  ]
}
