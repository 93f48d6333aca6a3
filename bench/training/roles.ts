/** Fits the role model on CSAbstruct and PubMedQA's development parts: `node bench/training/roles.ts <labelled sets>`. */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { abstractFeatures } from '../../src/analysts/extractive/role-features.ts'
import { abstractRoles, weightLetters, weightRange } from '../../src/analysts/extractive/roles.ts'
import { type ChainModel, fitChain, type Sequence } from './chain-model.ts'
import { csabstruct, type LabelledAbstract, structuredAbstracts } from './labelled-sentences.ts'

/** A feature whose weights differ by less changes next to no decision and is not stored. */
const leastSpread = 0.08
const options = {
  labels: abstractRoles.length,
  epochs: 5,
  penalty: 0.002,
  rate: 0.02,
  leastSeen: 10,
  seed: 7,
}

function sequenceOf({ sentences, roles }: LabelledAbstract): Sequence {
  return { features: abstractFeatures(sentences), labels: roles.map((role) => abstractRoles.indexOf(role)) }
}

/**
 * Fits on abstracts of computing, counted twice, and of medicine. Role weights of a feature are centred on zero, which
 * changes no decision, so that they fit the letters they are stored in.
 */
export function fitRoles(
  computing: readonly LabelledAbstract[],
  medicine: readonly LabelledAbstract[],
): ChainModel {
  const twice = computing.map(sequenceOf).flatMap((sequence) => [sequence, sequence])
  return fitChain([...twice, ...medicine.map(sequenceOf)], options)
}

/** The model as `role-weights.ts` holds it. */
export function encodeRoles(model: ChainModel): { transitions: number[]; weights: string } {
  const entries = [...model.weights]
    .filter(([, weight]) => Math.max(...weight) - Math.min(...weight) > leastSpread)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, weight]) => `${name} ${Array.from(weight, letterOf).join('')}`)
  const lines: string[] = []
  for (const entry of entries) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + entry.length < 400) lines[lines.length - 1] = `${last};${entry}`
    else lines.push(entry)
  }
  return {
    transitions: Array.from(model.transitions, (value) => Math.round(value * 100) / 100),
    weights: lines.join('\n'),
  }
}

function letterOf(weight: number): string {
  const middle = (weightLetters.length - 1) / 2
  const place = Math.round(Math.max(-1, Math.min(1, weight / weightRange)) * middle + middle)
  return weightLetters[place]!
}

if (import.meta.main) {
  const labelledSets = process.argv[2]
  if (labelledSets === undefined)
    throw new Error('usage: node bench/training/roles.ts <folder of labelled sets>')
  const { transitions, weights } = encodeRoles(
    fitRoles(csabstruct(labelledSets), structuredAbstracts(labelledSets)),
  )
  const escaped = weights.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${')
  writeFileSync(
    resolve(import.meta.dirname, '../../src/analysts/extractive/role-weights.ts'),
    `/**
 * The role model, fitted by \`node bench/training/roles.ts <labelled sets>\` on the development parts of CSAbstruct
 * (Cohan et al. 2019) and PubMedQA (Jin et al. 2019). Roles stand in the order of \`abstractRoles\`.
 */

/** Score of a role after a role: row by row, the role before × the role after. */
export const roleTransitions: readonly number[] = [
${Array.from({ length: 5 }, (_, row) => `  ${transitions.slice(5 * row, 5 * row + 5).join(', ')},`).join('\n')}
]

/** A feature and one letter for each role, see \`weightLetters\`; entries end at a semicolon or a line's end. */
export const roleWeights = \`
${escaped}
\`
`,
  )
}
