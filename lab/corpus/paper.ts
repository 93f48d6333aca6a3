import type { Corpus } from './corpus.ts'
import { aspects, type Facets, facetsOf, profileOf, type Relation, relationOf } from './facets.ts'
import { arxivIdOf, doiOf, pmcidOf, pmidOf } from './identifiers.ts'
import { type LocationKind, locationKindOf } from './locations.ts'
import { authorsOf, type Person } from './names.ts'
import { randomOf, shareOf } from './random.ts'
import type { Direction, Matter } from './sentences.ts'
import { topics } from './topics/all.ts'
import type { Topic } from './topics/topic.ts'

/** A paper's own data, as its authors would give them. What services say of it is in `records.ts`. */
export interface LabPaper {
  readonly index: number
  readonly topic: Topic
  readonly aspect: (typeof aspects)[number]
  readonly facets: Facets
  readonly relation: Relation | undefined
  readonly title: string
  readonly authors: readonly Person[]
  readonly year: number
  readonly month: number
  readonly day: number
  /** Absent for what was never published. */
  readonly doi: string | undefined
  readonly arxivId: string | undefined
  readonly arxivVersion: number
  readonly pmid: string | undefined
  readonly pmcid: string | undefined
  readonly venue: string
  readonly kind: 'journal' | 'conference' | 'preprint'
  readonly volume: number
  readonly issue: number
  readonly firstPage: number
  readonly retracted: boolean
  readonly location: LocationKind
  readonly matter: Matter
  readonly direction: Direction
  /** Decides its sentences; a version of a work has that of the work. */
  readonly contentKey: number
}

/** Works out a paper. */
export function describePaper(corpus: Corpus, index: number): LabPaper {
  const { seed } = corpus
  const relation = relationOf(seed, index)
  const origin = relation?.of ?? index
  const facets = facetsOf(profileOf(seed, index))
  const topic = topics[facets.topic]!
  const aspect = aspects[facets.aspect]!
  const contentKey = relation?.kind === 'version' ? origin : index
  const matter = matterOf(seed, contentKey, facets, origin)
  const own = randomOf(seed, index, 61)
  const year = corpus.yearOf(index)
  const onArxiv = corpus.isIn(index, 'arxiv')
  const arxivId = onArxiv ? arxivIdOf(index, year) : undefined
  const isPublished = corpus.isIn(index, 'crossref')
  const kind = isPublished
    ? relation?.kind === 'version' || own.chance(0.6)
      ? 'journal'
      : 'conference'
    : 'preprint'
  return {
    index,
    topic,
    aspect,
    facets,
    relation,
    title: titleOf(seed, origin, matterOf(seed, origin, facets, origin), aspect, relation),
    authors: authorsOf(randomOf(seed, origin, 62)),
    year,
    month: arxivId ? Number(arxivId.slice(2, 4)) : own.between(1, 12),
    day: own.between(1, 28),
    doi: isPublished ? doiOf(index) : undefined,
    arxivId,
    arxivVersion: own.pick([1, 1, 1, 2, 2, 3]),
    pmid: corpus.isIn(index, 'pubmed') ? pmidOf(index) : undefined,
    pmcid: corpus.isIn(index, 'europepmc') && own.chance(0.6) ? pmcidOf(index) : undefined,
    venue: isPublished ? own.pick(topic.venues) : 'arXiv',
    kind,
    volume: own.between(1, 60),
    issue: own.between(1, 12),
    firstPage: own.between(1, 900),
    retracted: shareOf(seed, index, 63) < 0.015,
    location: locationKindOf(seed, index),
    matter,
    direction: directionOf(seed, contentKey),
    contentKey,
  }
}

/** Seven in ten findings are what the field hopes for; the others contradict them or find nothing. */
function directionOf(seed: number, contentKey: number): Direction {
  const share = shareOf(seed, contentKey, 71)
  return share < 0.7 ? 'better' : share < 0.85 ? 'unchanged' : 'worse'
}

/** What the facets alone say of a paper: the words by which it can be found. */
export type FixedMatter = Pick<
  Matter,
  'subject' | 'subjectAlso' | 'outcome' | 'outcomeAlso' | 'setting' | 'method' | 'dataset'
>

/** The words that all papers of the same facets share. */
export function fixedMatter({ topic: at, aspect, method, variant }: Facets): FixedMatter {
  const topic = topics[at]!
  const also = (variant + 1) % 3
  const kind = aspects[aspect]!
  const outcome = kind === 'other-outcome' ? topic.otherOutcomes[aspect % 3] : undefined
  const subject = kind === 'other-subject' ? topic.otherSubjects[aspect % 2] : undefined
  return {
    subject: subject ?? topic.subject[variant]!,
    subjectAlso: subject ?? topic.subject[also]!,
    outcome: outcome ?? topic.outcome[variant]!,
    outcomeAlso: outcome ?? topic.outcome[also]!,
    setting: topic.setting[0],
    method: subject ?? topic.methods[method]!,
    dataset: topic.datasets[(method + variant * 2) % topic.datasets.length]!,
  }
}

/** What is said in the title follows from `origin`, what was measured from `contentKey`. */
function matterOf(seed: number, contentKey: number, facets: Facets, origin: number): Matter {
  const topic = topics[facets.topic]!
  const fixed = fixedMatter(facets)
  const random = randomOf(seed, contentKey, 72)
  return {
    ...fixed,
    comparator: randomOf(seed, origin, 73).pick(topic.comparators),
    design: randomOf(seed, origin, 74).pick(topic.designs),
    metric:
      aspects[facets.aspect] === 'other-outcome'
        ? { name: fixed.outcome, unit: 'per cent', better: 'higher', range: [1.5, 24] }
        : random.pick(topic.metrics),
    mechanism: random.pick(topic.mechanisms),
    limitation: random.pick(topic.limitations),
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

function titleOf(
  seed: number,
  origin: number,
  matter: Matter,
  aspect: string,
  relation: Relation | undefined,
): string {
  const { subject, outcome, setting, method, comparator, dataset } = matter
  const design = matter.design.replace(/^an? /, '')
  const random = randomOf(seed, origin, 75)
  const patterns =
    aspect === 'overview'
      ? [
          `${capital(subject)} and ${outcome}: a review of ${random.between(21, 180)} studies`,
          `A survey of ${subject} for ${outcome} in ${setting}`,
          `What is known about ${subject} and ${outcome}? An overview of ${setting}`,
          `${random.between(10, 30)} years of ${subject}: ${outcome} in ${setting}`,
        ]
      : [
          `${capital(subject)} and ${outcome} in ${setting}: ${design} with ${dataset}`,
          `The effect of ${subject} on ${outcome}: ${method} versus ${comparator}`,
          `${capital(method)} and ${outcome}: evidence on ${subject} from ${dataset}`,
          `Linking ${subject} to ${outcome}: ${design} of ${method}`,
          `${capital(outcome)} after ${subject}: ${method} in ${setting}`,
          `Rethinking ${subject} for ${outcome}: lessons from ${dataset}`,
          `Can ${subject} change ${outcome} in ${setting}? Results of ${matter.design}`,
          `${capital(subject)}, ${comparator} and ${outcome}: ${design}`,
          `Testing ${method} as ${subject}: ${outcome} in ${random.between(8, 900)} cases`,
        ]
  const title = random.pick(patterns)
  if (relation?.kind === 'sequel') return `${title} II: a follow-up study`
  return relation?.kind === 'version' && random.chance(0.5) ? title.replace(/: .*$/, '') : title
}
