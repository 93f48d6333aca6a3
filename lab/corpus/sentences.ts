import type { Random } from './random.ts'
import type { Metric } from './topics/topic.ts'

/** What the sentences of a paper are about. */
export interface Matter {
  readonly subject: string
  readonly subjectAlso: string
  readonly outcome: string
  readonly outcomeAlso: string
  readonly setting: string
  readonly method: string
  readonly comparator: string
  readonly dataset: string
  readonly design: string
  readonly metric: Metric
  readonly mechanism: string
  readonly limitation: string
}

/** Which way a finding points: the outcome got better, did not move, or got worse. */
export type Direction = 'better' | 'unchanged' | 'worse'

type Template = (matter: Matter, random: Random) => string

const number = (value: number): string => value.toFixed(1)
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
/** `4.2 per cent`, `1.0 point`. */
const amount = (value: number, unit: string): string => `${number(value)} ${unit}`
const interval = (value: number, random: Random): string => {
  const half = value * (0.15 + random.next() * 0.3)
  return `95 % confidence interval ${number(Math.max(0.1, value - half))} to ${number(value + half)}`
}
const verbs = {
  lower: ['reduced', 'lowered', 'cut', 'decreased'],
  higher: ['raised', 'increased', 'lifted', 'improved'],
} as const

/** The one sentence that says what a paper found; no two papers say the same numbers in the same words. */
export function finding(matter: Matter, direction: Direction, random: Random): string {
  const { metric } = matter
  const effect = metric.range[0] + random.next() * (metric.range[1] - metric.range[0])
  if (direction === 'unchanged') return random.pick(nulls)(matter, random)
  const falls = (metric.better === 'lower') === (direction === 'better')
  const verb = random.pick(
    falls ? verbs.lower : direction === 'better' ? verbs.higher : verbs.higher.slice(0, 3),
  )
  return random.pick(effects)(matter, random, verb, effect)
}

const effects: readonly ((matter: Matter, random: Random, verb: string, effect: number) => string)[] = [
  ({ method, metric, comparator }, random, verb, effect) =>
    `Compared with ${comparator}, ${method} ${verb} ${metric.name} by ${amount(effect, metric.unit)} (${interval(effect, random)}).`,
  ({ method, metric, dataset, comparator }, random, verb, effect) =>
    `On ${dataset}, ${method} ${verb} ${metric.name} by ${amount(effect, metric.unit)} relative to ${comparator} (p = 0.0${random.between(10, 49)}).`,
  ({ method, metric, setting, comparator }, random, verb, effect) =>
    `Among ${random.between(24, 960)} units of observation in ${setting}, ${method} ${verb} ${metric.name} by ${amount(effect, metric.unit)} against ${comparator}.`,
  ({ method, metric, comparator }, random, verb, effect) =>
    `We found that ${method} ${verb} ${metric.name} by ${amount(effect, metric.unit)}, whereas ${comparator} changed it by only ${number(effect * 0.1 * random.next() + 0.1)}.`,
  ({ method, metric, dataset, subject }, random, verb, effect) =>
    `Across ${random.between(3, 28)} repetitions with ${dataset}, ${method} as a form of ${subject} ${verb} ${metric.name} by ${amount(effect, metric.unit)} on average.`,
  ({ method, metric, outcome, comparator }, random, verb, effect) =>
    `The main result for ${outcome} is that ${method} ${verb} ${metric.name} by ${amount(effect, metric.unit)} over ${comparator} (${interval(effect, random)}).`,
  ({ method, metric, comparator, dataset }, random, verb, effect) =>
    `After adjustment, ${method} ${verb} ${metric.name} by ${amount(effect, metric.unit)} in ${dataset}, and ${comparator} did so in ${random.between(2, 9)} of ${random.between(10, 30)} comparisons.`,
]

const nulls: readonly Template[] = [
  ({ method, metric, comparator }, random) =>
    `We saw no difference in ${metric.name} between ${method} and ${comparator} (p = 0.${random.between(21, 94)}).`,
  ({ method, metric, dataset }, random) =>
    `On ${dataset}, ${method} did not change ${metric.name} (difference 0.${random.between(1, 9)} ${metric.unit}, p = 0.${random.between(18, 90)}).`,
  ({ method, metric, comparator, setting }, random) =>
    `In ${setting}, ${metric.name} with ${method} stayed within 0.${random.between(1, 9)} ${metric.unit} of ${comparator} over ${random.between(2, 36)} rounds of measurement.`,
]

/** How the study was done. */
export function methodSentence(matter: Matter, random: Random): string {
  return random.pick(methods)(matter, random)
}

const methods: readonly Template[] = [
  ({ design, method, comparator }, random) =>
    `We carried out ${design} in which ${method} and ${comparator} were compared over ${random.between(3, 52)} weeks with ${random.between(2, 6)} assessors.`,
  ({ design, method, comparator, setting }, random) =>
    `Our approach was ${design} that set ${method} against ${comparator} in ${setting}, with ${random.between(18, 1400)} units in each arm.`,
  ({ design, method }, random) =>
    `To isolate the contribution of ${method}, we chose ${design} with ${random.between(3, 12)} conditions and seed ${random.between(11, 9999)} for the allocation.`,
  ({ design, method, comparator }, random) =>
    `This work reports ${design}: ${method} was introduced in ${random.between(4, 60)} sites, and ${comparator} served as the reference in ${random.between(4, 60)} others.`,
]

/** What the study was done on. */
export function datasetSentence(matter: Matter, random: Random): string {
  return random.pick(datasets)(matter, random)
}

const datasets: readonly Template[] = [
  ({ dataset }, random) =>
    `The data come from ${dataset}, of which ${random.between(120, 98_000)} records met the criteria for inclusion.`,
  ({ dataset, outcome }, random) =>
    `All analyses of ${outcome} use ${dataset}, split into ${random.between(3, 10)} folds of ${random.between(40, 5_200)} records.`,
  ({ dataset }, random) =>
    `We drew on ${dataset} and left out ${random.between(2, 18)} per cent of the records because values were missing.`,
]

/** What the authors say against their own study. */
export function limitationSentence({ limitation, method, dataset }: Matter, random: Random): string {
  return random.pick([
    `A limitation of this study is that ${limitation}.`,
    `Our conclusions about ${method} are limited because ${limitation}.`,
    `It should be borne in mind that ${limitation}, so results from ${dataset} may not carry over.`,
    `Two caveats apply: ${limitation}, and ${random.between(3, 21)} per cent of the planned measurements are missing.`,
  ])
}

/** Sentences that any paper on the matter may have, by the part of the paper that they belong to. */
export const prose: Readonly<
  Record<'background' | 'gap' | 'procedure' | 'detail' | 'discussion' | 'close', readonly Template[]>
> = {
  background: [
    ({ subject, method, comparator }) =>
      `Practitioners who turn to ${subject} often choose between ${method} and ${comparator}.`,
    ({ outcome, dataset }) => `Much of what is known about ${outcome} comes from sources such as ${dataset}.`,
    ({ metric, outcome }) =>
      `Most groups express ${outcome} as ${metric.name}, which makes results comparable.`,
    ({ subject }, random) =>
      `A bibliographic search gave ${random.between(40, 900)} articles on ${subject} since ${random.between(1996, 2015)}.`,
    ({ subject, outcome }) => `Interest in ${subject} has grown, not least out of concern over ${outcome}.`,
    ({ outcome, setting }) =>
      `In ${setting}, practitioners and those who pay for their work look closely at ${outcome}.`,
    ({ subject, setting }) => `Reports on ${subject} in ${setting} have multiplied over the past decade.`,
    ({ subject, subjectAlso }) => `Some authors speak of ${subjectAlso}, and others of ${subject}.`,
    ({ outcome, outcomeAlso }) =>
      `Definitions of ${outcome} vary, and several groups prefer to speak of ${outcomeAlso}.`,
    ({ method, subject }) => `Of the many forms of ${subject}, few have been adopted as widely as ${method}.`,
    ({ subject, outcome }) => `Early studies linked ${subject} to ${outcome}, but their samples were small.`,
    ({ mechanism }) => `One line of argument holds that ${mechanism}.`,
  ],
  gap: [
    ({ method, outcome }) => `The bearing of ${method} on ${outcome} has rarely been put to the test.`,
    ({ subject, outcome, setting }) =>
      `The consequences of ${subject} for ${outcome} in ${setting} thus remain an open question.`,
    ({ method, comparator }) => `Direct comparisons of ${method} with ${comparator} are scarce.`,
    ({ subject, outcome }) =>
      `Here we examine the relation of ${subject} to ${outcome}, and the conditions under which it holds.`,
  ],
  procedure: [
    (_, random) =>
      `Each session lasted ${random.between(20, 120)} minutes and was supervised by one of ${random.between(2, 7)} trained assistants.`,
    ({ metric }, random) =>
      `Agreement between raters of ${metric.name} was high (kappa = 0.${random.between(71, 95)}).`,
    (_, random) =>
      `The sample size gives a power of ${random.between(80, 95)} per cent at the five per cent level.`,
    ({ dataset }, random) =>
      `Records of ${dataset} were checked for duplicates, of which ${random.between(1, 90)} were dropped.`,
    ({ comparator }) =>
      `To keep expectations equal, ${comparator} was presented in the same words and at the same length.`,
    (_, random) =>
      `All computations were done with version ${random.between(1, 9)}.${random.between(0, 12)} of an openly licensed package.`,
    ({ setting }, random) =>
      `Ethical approval was not needed for work in ${setting} at ${random.between(2, 30)} of the sites and granted at the others.`,
    ({ method }, random) => `A manual of ${random.between(8, 60)} pages describes ${method} step by step.`,
    ({ metric }) => `The primary measure was ${metric.name}, registered before the first observation.`,
    ({ comparator }, random) =>
      `Allocation to ${comparator} followed a list that was drawn up with block size ${random.between(2, 8)}.`,
    (_, random) =>
      `Outliers beyond ${random.between(3, 5)} standard deviations were inspected by hand and kept unless recorded wrongly.`,
    ({ method }, random) =>
      `Settings of ${method} were fixed on a pilot of ${random.between(8, 90)} cases and not altered afterwards.`,
    (_, random) =>
      `Standard errors were clustered, and ${random.between(1, 10)},000 bootstrap samples gave the intervals.`,
    ({ dataset }) => `Two of us coded ${dataset} independently and settled differences by discussion.`,
    ({ metric }, random) =>
      `A change in ${metric.name} of ${number(metric.range[0] + random.next())} ${metric.unit} was held to be relevant in practice.`,
    ({ comparator, method }) =>
      `Staff who measured the outcome did not know who had received ${method} and who ${comparator}.`,
  ],
  detail: [
    ({ metric }, random) =>
      `The median of ${metric.name} at the outset was ${number(5 + random.next() * 60)}, with quartiles that lay ${random.between(2, 14)} units apart.`,
    (_, random) =>
      `Of ${random.between(40, 400)} planned visits, ${random.between(1, 35)} were missed for reasons unrelated to the study.`,
    ({ comparator }, random) =>
      `With ${comparator}, readings drifted by ${number(0.1 + random.next())} units over the period of observation.`,
    (_, random) =>
      `A sensitivity analysis with ${random.between(5, 50)} imputed data sets left the order of conditions as it was.`,
    ({ dataset }, random) =>
      `Site ${random.between(1, 19)} of ${dataset} contributed the most records and site ${random.between(20, 40)} the fewest.`,
    (_, random) =>
      `The residuals showed no trend over time (Durbin-Watson ${number(1.6 + random.next() * 0.7)}).`,
    ({ setting }, random) =>
      `Season explained less than ${random.between(2, 9)} per cent of the variation in ${setting}.`,
    (_, random) =>
      `Interaction terms with age of the site were small (largest coefficient 0.0${random.between(1, 9)}).`,
    (_, random) =>
      `The pattern was the same in ${random.between(4, 9)} of ${random.between(10, 14)} subgroups.`,
    ({ metric }, random) =>
      `Baseline values of ${metric.name} had a standard deviation of ${number(1 + random.next() * 12)}.`,
    ({ comparator }, random) =>
      `Attrition was ${random.between(1, 12)} per cent and did not differ from that with ${comparator}.`,
    ({ dataset }, random) =>
      `When the ${random.between(5, 25)} largest records of ${dataset} were removed, estimates moved by less than a tenth.`,
    (_, random) =>
      `Figure ${random.between(1, 6)} shows the distribution, and Table ${random.between(1, 4)} lists the estimates for each site.`,
    ({ method }, random) =>
      `The time needed for ${method} had a median of ${random.between(4, 180)} minutes.`,
    ({ setting }, random) =>
      `Variation between sites in ${setting} accounted for ${random.between(6, 38)} per cent of the variance.`,
    (_, random) =>
      `Results with a stricter threshold are given in Appendix ${random.pick(['A', 'B', 'C', 'D'])} and agree in sign.`,
  ],
  discussion: [
    ({ metric }) => `Future reports would gain from stating ${metric.name} with its interval.`,
    ({ design }) =>
      `The strength of ${design} lies in its control over allocation, and its weakness in its reach.`,
    ({ subject, comparator }) =>
      `A fair comparison of ${subject} with ${comparator} has to count the effort that each demands.`,
    ({ method, setting }, random) =>
      `Training for ${method} took ${random.between(1, 10)} days, which sites in ${setting} regarded as acceptable.`,
    ({ outcome }) =>
      `Theories of ${outcome} differ in what they predict here, and ours is not the only reading.`,
    (_, random) => `A registered replication with ${random.between(3, 15)} laboratories has been announced.`,
    ({ dataset }) =>
      `The composition of ${dataset} has to be kept in mind when these numbers are used elsewhere.`,
    ({ subject }) => `Guidelines on ${subject} rarely say for how long it should be continued.`,
    ({ mechanism }) => `A plausible reading is that ${mechanism}.`,
    ({ mechanism }) => `Our data are compatible with the view that ${mechanism}.`,
    ({ subject, setting }) =>
      `Those who plan to introduce ${subject} in ${setting} should weigh this against its cost.`,
    ({ outcomeAlso, subject }) =>
      `Earlier work on ${outcomeAlso} reached mixed conclusions about ${subject}, partly because measures differed.`,
    ({ comparator }) => `The results for ${comparator} agree with earlier reports.`,
    ({ method }) => `Cost and effort may decide in practice for or against ${method}.`,
    ({ outcome, dataset }) =>
      `Replication outside ${dataset} would show how far our statements on ${outcome} reach.`,
    ({ setting }) => `We see no reason to expect that ${setting} elsewhere would differ in kind.`,
  ],
  close: [
    ({ method, outcome }) => `These results inform decisions on ${method} in the light of ${outcome}.`,
    ({ subject, outcome }) => `The relation between ${subject} and ${outcome} deserves larger studies.`,
    ({ setting }) => `We discuss what this means for practice in ${setting}.`,
    ({ dataset }) => `Materials and the analysis of ${dataset} are available from the authors.`,
  ],
}

/** One sentence of a part. */
export function sentence(part: keyof typeof prose, matter: Matter, random: Random): string {
  return capital(random.pick(prose[part])(matter, random))
}

/** Gives sentences of a part, none of a kind twice before all have been used. */
export function deckOf(
  part: keyof typeof prose,
  matter: Matter,
  random: Random,
): (count: number) => string[] {
  let left: Template[] = []
  return (count) =>
    Array.from({ length: count }, () => {
      if (left.length === 0) left = [...prose[part]]
      const [template] = left.splice(random.between(0, left.length - 1), 1)
      return capital(template!(matter, random))
    })
}
