import { abstractFeatures, wordFeatures } from './role-features.ts'
import { roleTransitions, roleWeights } from './role-weights.ts'
import { purposeOfSection, type SectionPurpose } from './section-purposes.ts'

/** Rhetorical roles of sentences, as CSAbstruct names them (Cohan et al. 2019, EMNLP). */
export const abstractRoles = ['background', 'objective', 'method', 'result', 'other'] as const
export type AbstractRole = (typeof abstractRoles)[number]
type Role = AbstractRole | 'limitation'

const count = abstractRoles.length
/** Weights are stored as one letter for each role: `A` to `z`, zero in the middle. */
export const weightLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** The largest weight a letter can express, on both sides of zero. */
export const weightRange = 1.3

/** Weights of feature × role, and of role before × role after, row by row. */
export interface RoleModel {
  weights: ReadonlyMap<string, ArrayLike<number>>
  transitions: readonly number[]
}

/** Reads a model as `role-weights.ts` holds it. */
export function decodeRoleModel(weights: string, transitions: readonly number[]): RoleModel {
  const entries = weights
    .trim()
    .split(/[\n;]+/)
    .map((entry): [string, Float64Array] => {
      const at = entry.lastIndexOf(' ')
      return [entry.slice(0, at), Float64Array.from(entry.slice(at + 1), weightOf)]
    })
  return { weights: new Map(entries), transitions }
}

function weightOf(letter: string): number {
  const middle = (weightLetters.length - 1) / 2
  return ((weightLetters.indexOf(letter) - middle) / middle) * weightRange
}

const fitted = decodeRoleModel(roleWeights, roleTransitions)

function scores(features: readonly string[], model: RoleModel): Float64Array {
  const sum = new Float64Array(count)
  for (const feature of features) {
    const weight = model.weights.get(feature)
    if (weight) for (let role = 0; role < count; role++) sum[role]! += weight[role]!
  }
  return sum
}

/**
 * The rhetorical role of each sentence of an abstract, in order: the likeliest sequence under a linear-chain
 * conditional random field over words, cues and places (weights: `bench/training/roles.ts`).
 */
export function rolesOfAbstract(sentences: readonly string[], model: RoleModel = fitted): AbstractRole[] {
  if (sentences.length === 0) return []
  const emitted = abstractFeatures(sentences).map((features) => scores(features, model))
  const before: number[][] = []
  let best = Array.from(emitted[0]!)
  for (const score of emitted.slice(1)) {
    const from = abstractRoles.map((_, role) =>
      indexOfMost(best.map((value, last) => value + model.transitions[last * count + role]!)),
    )
    best = from.map((last, role) => best[last]! + model.transitions[last * count + role]! + score[role]!)
    before.push(from)
  }
  let role = indexOfMost(best)
  const path = [role]
  for (const from of before.reverse()) {
    role = from[role]!
    path.push(role)
  }
  return path.reverse().map((index) => abstractRoles[index]!)
}

/** What a section's purpose adds to the log-odds of each role: background, objective, method, result, other. */
const sectionPriors: Record<SectionPurpose, readonly number[]> = {
  abstract: [0, 0.3, 0, 0.3, -0.3],
  introduction: [0.8, 0.8, -0.3, -0.6, 0],
  related: [1.4, -0.6, -0.2, -0.8, 0],
  methods: [-0.4, -0.8, 1.2, -0.6, 0],
  data: [-0.2, -0.8, 1, -0.4, 0],
  results: [-0.8, -0.8, 0, 1.4, 0],
  discussion: [-0.1, -0.6, -0.4, 0.8, 0],
  limitations: [-0.4, -0.4, -0.4, 0.6, 0.4],
  conclusion: [-0.5, 0.1, -0.2, 1, 0],
  other: [0, 0, 0, 0, 0],
}

/** How likely each role is, from 0 to 1; the five roles of abstracts sum to one, `limitation` stands beside them. */
export type RoleOdds = Record<Role, number>

/** How likely each role is for a sentence of a full text, which stands under `heading`. */
export function roleOdds(sentence: string, heading: string | undefined): RoleOdds {
  const section = purposeOfSection(heading)
  const own = scores(wordFeatures(sentence), fitted)
  const prior = sectionPriors[section]
  const raised = Array.from(own, (value, role) => Math.exp(value + prior[role]!))
  const total = raised.reduce((sum, value) => sum + value, 0)
  const [background, objective, method, result, other] = raised.map((value) => value / total)
  return {
    background: background!,
    objective: objective!,
    method: method!,
    result: result!,
    other: other!,
    limitation: limitationOdds(sentence, section),
  }
}

const namedLimitation =
  /\b(?:(?:a|one|another|main|major|important|key|potential|this|these|several|some|the|our|its|further) (?:\w+ ){0,2}(?:limitations?|drawbacks?|shortcomings?|caveats?|weakness(?:es)?|disadvantages?)|limitations? (?:of|is|are|include)|(?:is|are|was|were) limited (?:to|by|in)|threats? to (?:the )?(?:\w+ )?validity|small sample|beyond the scope)\b/i
const hintedLimitation =
  /\b(?:future (?:work|research|studies|versions?|releases?|developments?|improvements?)|further (?:research|work|study|studies|investigation)|remains? (?:to be|an? open|unclear|unknown|open)|(?:does|do|did|could|can|was|were|is|are|has|have) (?:not|neither)\b|cannot|unable|only (?:consider|applies|works|tested|available|supports?|one|a few|a small|been (?:developed|implemented|tested|studied|evaluated|applied))|not (?:yet|been|always|possible|available|supported|considered|generali[sz]e|account)|at the expense|restricted to|fail(?:s|ed)? to|should be (?:interpreted|treated) with|caution|difficult(?:y|ies)?|unfortunately|lacks?|no longer)\b/i

/** What authors chose or hope, or say of all others, and no limit of their work. */
const noLimitation =
  /\bnot (?:\w+ )?(?:meant|intended|required|needed|necessary)\b|\b(?:intentional|deliberate)(?:ly)?\b|\bby design\b|\bwe (?:\w+ )?hope\b|\blimitations? (?:is|are|can be) (?:\w+ )?(?:avoided|overcome|addressed)\b/i

function limitationOdds(sentence: string, section: SectionPurpose): number {
  const text = sentence.slice(0, 1_200)
  if (noLimitation.test(text)) return 0
  const named = namedLimitation.test(text) ? 1.6 : 0
  const hinted = hintedLimitation.test(text) ? 1 : 0
  const place =
    section === 'limitations'
      ? 1.6
      : section === 'discussion' || section === 'conclusion'
        ? 0.8
        : section === 'related' || section === 'introduction'
          ? -0.8
          : 0
  return named + hinted === 0 ? 0 : 1 / (1 + Math.exp(1.6 - named - hinted - place))
}

function indexOfMost(values: ArrayLike<number>): number {
  let most = 0
  for (let index = 1; index < values.length; index++) if (values[index]! > values[most]!) most = index
  return most
}
