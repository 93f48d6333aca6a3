import { abstractRoles, decodeRoleModel, rolesOfAbstract } from '../../src/analysts/extractive/roles.ts'
import { emissions, fitChain } from '../training/chain-model.ts'
import { csabstruct, type LabelledAbstract, structuredAbstracts } from '../training/labelled-sentences.ts'
import { encodeRoles, fitRoles } from '../training/roles.ts'
import type { Measure } from './measure.ts'

const folds = 5

/**
 * Rhetorical roles, cross-validated by abstract: the model as it is stored, the majority class, and the plain linear
 * baseline (multinomial logistic regression on words, each sentence by itself). `tried` of the five folds are held out.
 */
export async function measureRoles(labelledSets: string, tried: number = folds): Promise<Measure[]> {
  const computing = csabstruct(labelledSets)
  const medicine = structuredAbstracts(labelledSets)
  const found = { computing: new Confusion(), medicine: new Confusion(), plain: new Confusion() }
  for (let fold = 0; fold < tried; fold++) {
    const learn = (_: unknown, index: number) => index % folds !== fold
    const hold = (_: unknown, index: number) => index % folds === fold
    const { weights, transitions } = encodeRoles(fitRoles(computing.filter(learn), medicine.filter(learn)))
    const model = decodeRoleModel(weights, transitions)
    for (const one of computing.filter(hold))
      found.computing.add(one.roles, rolesOfAbstract(one.sentences, model))
    for (const one of medicine.filter(hold))
      found.medicine.add(one.roles, rolesOfAbstract(one.sentences, model))
    const plain = fitPlain(computing.filter(learn))
    for (const one of computing.filter(hold)) found.plain.add(one.roles, plain(one.sentences))
  }
  const set = `CSAbstruct dev, ${folds}-fold (${computing.length} abstracts)`
  const structured = `PubMedQA dev headings, ${folds}-fold (${medicine.length} abstracts)`
  const published = 'SciBERT trained on 1,668 abstracts: micro F1 0.83 (Cohan et al. 2019)'
  const majority = found.computing.majority()
  const task = 'roles'
  return [
    {
      task,
      set,
      metric: 'accuracy',
      value: found.computing.accuracy(),
      atLeast: majority + 0.2,
      excellent: 0.64,
      published,
    },
    { task, set, metric: 'macro F1', value: found.computing.macroF1() },
    { task, set, metric: 'accuracy of the majority class', value: majority },
    { task, set, metric: 'accuracy of plain logistic regression on words', value: found.plain.accuracy() },
    { task, set: structured, metric: 'accuracy', value: found.medicine.accuracy(), atLeast: 0.8 },
    { task, set: structured, metric: 'accuracy of the majority class', value: found.medicine.majority() },
  ]
}

function fitPlain(abstracts: readonly LabelledAbstract[]): (sentences: readonly string[]) => string[] {
  const words = (sentence: string) => ['bias', ...new Set(sentence.toLowerCase().match(/[\p{L}\p{N}]+/gu))]
  const single = abstracts.flatMap(({ sentences, roles }) =>
    sentences.map((sentence, index) => ({
      features: [words(sentence)],
      labels: [abstractRoles.indexOf(roles[index]!)],
    })),
  )
  const model = fitChain(single, { labels: 5, epochs: 8, penalty: 0.002, rate: 0.02, leastSeen: 2, seed: 7 })
  return (sentences) =>
    emissions(model, sentences.map(words)).map((score) => abstractRoles[score.indexOf(Math.max(...score))]!)
}

class Confusion {
  readonly #pairs = new Map<string, number>()

  add(gold: readonly string[], found: readonly string[]): void {
    for (const [index, role] of gold.entries()) {
      const key = `${role} ${found[index]}`
      this.#pairs.set(key, (this.#pairs.get(key) ?? 0) + 1)
    }
  }

  #sum(holds: (gold: string, found: string) => boolean): number {
    return this.#pairs.entries().reduce((sum, [key, many]) => {
      const [gold, found] = key.split(' ') as [string, string]
      return sum + (holds(gold, found) ? many : 0)
    }, 0)
  }

  accuracy(): number {
    return this.#sum((gold, found) => gold === found) / this.#sum(() => true)
  }

  majority(): number {
    return (
      Math.max(...abstractRoles.map((role) => this.#sum((gold) => gold === role))) / this.#sum(() => true)
    )
  }

  macroF1(): number {
    const scores = abstractRoles.map((role) => {
      const both = this.#sum((gold, found) => gold === role && found === role)
      return (2 * both) / (this.#sum((gold) => gold === role) + this.#sum((_, found) => found === role) || 1)
    })
    return scores.reduce((sum, score) => sum + score, 0) / scores.length
  }
}
