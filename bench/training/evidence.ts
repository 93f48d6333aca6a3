/** Fits the evidence rankers on SciFact and Evidence Inference: `node bench/training/evidence.ts <labelled sets>`. */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { evidenceFeatureNames, evidenceFeatures } from '../../src/analysts/extractive/evidence-features.ts'
import { type LabelledEvidence, scifactEvidence, trialEvidence } from './labelled-evidence.ts'
import { fitRanker, type RankedList } from './pairwise-model.ts'

/** Each labelled document as the features of its sentences. */
export function rankedLists(labelled: readonly LabelledEvidence[]): (RankedList & { group: string })[] {
  return labelled.map(({ group, query, sentences, gold }) => ({
    group,
    gold,
    features: evidenceFeatures(query, sentences).map(({ features }) => features),
  }))
}

/** Weights of the ranker of abstracts (30 rounds) or of full texts (15; each holds thirty times as many sentences). */
export function fitEvidence(lists: readonly RankedList[], kind: 'abstract' | 'full text'): number[] {
  return fitRanker(lists, { epochs: kind === 'abstract' ? 30 : 15, rate: 0.1, penalty: 0.001, seed: 3 })
}

if (import.meta.main) {
  const labelledSets = process.argv[2]
  if (labelledSets === undefined)
    throw new Error('usage: node bench/training/evidence.ts <folder of labelled sets>')
  const table = (weights: readonly number[]) =>
    weights.map((weight, index) => `  /* ${evidenceFeatureNames[index]} */ ${weight.toFixed(3)},`).join('\n')
  writeFileSync(
    resolve(import.meta.dirname, '../../src/analysts/extractive/evidence-weights.ts'),
    `/**
 * Weights of the evidence rankers in the order of \`evidenceFeatureNames\`, fitted by
 * \`node bench/training/evidence.ts <labelled sets>\`.
 */

/** For abstracts; SciFact's training claims (Wadden et al. 2020, CC-BY 4.0). */
export const abstractEvidenceWeights: readonly number[] = [
${table(fitEvidence(rankedLists(scifactEvidence(labelledSets)), 'abstract'))}
]

/** For full texts; the development part of Evidence Inference 2.0 (DeYoung et al. 2020, MIT). */
export const fullTextEvidenceWeights: readonly number[] = [
${table(fitEvidence(rankedLists(trialEvidence(labelledSets)), 'full text'))}
]
`,
  )
}
