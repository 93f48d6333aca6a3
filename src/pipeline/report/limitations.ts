import type { Prisma } from '../../contract/report.ts'
import type { ScreeningDecision } from '../../contract/screening.ts'
import type { ReviewMaterial } from './assemble.ts'

/** What a person brought themselves, as its readers know it. */
const ownWords: Readonly<Record<string, string>> = { library: 'the given folders', given: 'the named works' }

/** What this review cannot say, and why, in plain sentences for its reader. */
export function limitationsOfReview(material: ReviewMaterial, prisma: Prisma): string[] {
  const { plan, analyst, decisions, audits, rejectedQuotations, failures } = material
  const failed = new Set(failures.filter(({ phase }) => phase === 'collect').map(({ item }) => item))
  const searched = plan.sources.filter(({ source }) => !failed.has(source))
  const sources = searched.map(({ source }) => ownWords[source] ?? source)
  const notRead = sum(prisma.notRead) + sum(prisma.unreadable) + sum(prisma.notRetrieved)
  const left = audits.filter(({ verdict }) => verdict === 'removed' || verdict === 'error').length
  const taught = decisions.some(({ decidedBy }) => decidedBy === 'person' || decidedBy === 'classifier')
  return [
    `Only ${sources.join(', ')} ${sources.length === 1 && !(searched[0]!.source in ownWords) ? 'was' : 'were'} searched; papers that are not there are not in this review.`,
    ...when(
      searched.length < plan.sources.length,
      `${[...failed].join(', ')} could not be searched; what is only there is missing.`,
    ),
    ...when(
      analyst === 'extractive',
      'No language model was used. Statements are the papers’ own sentences, chosen and grouped by rules and small statistical models; they are not paraphrased, and what no sentence says outright is not said here.',
    ),
    ...when(
      analyst !== 'extractive',
      `A language model judged (${analyst.replace(/, extractive$/, '')}). Its quotations were looked up on their pages and its statements compared with their quotations; what it chose to quote, and left out, was not checked by a person.`,
    ),
    ...when(
      material.fallbacks > 0,
      `${material.fallbacks === 1 ? 'One task was' : `${material.fallbacks} tasks were`} judged by rules and small statistical models instead, because no language model could be asked.`,
    ),
    ...(taught ? [] : backgroundOf(decisions)),
    ...when(
      notRead > 0,
      `${papers(notRead)} could not be read or retrieved, and ${notRead === 1 ? 'its findings are' : 'their findings are'} missing.`,
    ),
    ...when(
      left > 0,
      `${left === 1 ? 'One statement' : `${left} statements`} did not pass the audit against ${left === 1 ? 'its' : 'their'} quotations and ${left === 1 ? 'was' : 'were'} left out.`,
    ),
    ...when(
      rejectedQuotations.length > 0,
      `${rejectedQuotations.length === 1 ? 'One quotation' : `${rejectedQuotations.length} quotations`} could not be found on the page and ${rejectedQuotations.length === 1 ? 'was' : 'were'} rejected.`,
    ),
    ...when(
      failures.length > 0,
      `${failures.length === 1 ? 'One task' : `${failures.length} tasks`} failed; each is listed with its reason.`,
    ),
    ...when(
      analyst.endsWith('extractive'),
      'Datasets and metrics are recognised by their names and by how sentences speak of them; some are missed.',
    ),
  ]
}

/** Who kept papers as background that no person has looked at, and by what. */
function backgroundOf(decisions: readonly ScreeningDecision[]): string[] {
  const background = decisions.filter(({ tier }) => tier === 'background')
  const beyond = background.filter(({ reason }) => reason === 'beyond_limit').length
  const byModel = background.filter(({ decidedBy }) => decidedBy === 'model').length
  const byWords = background.length - byModel - beyond
  return [
    ...when(
      beyond > 0,
      `${papers(beyond)} on the question ${beyond === 1 ? 'was' : 'were'} not read, because only the best were asked for.`,
    ),
    ...when(
      byWords > 0,
      `${papers(byWords)} ${byWords === 1 ? 'was' : 'were'} kept as background because of how few words ${byWords === 1 ? 'it shares' : 'they share'} with the question, without a person’s judgement; some may belong to the review.`,
    ),
    ...when(
      byModel > 0,
      `${papers(byModel)} ${byModel === 1 ? 'was' : 'were'} kept as background by the language model’s judgement of title and abstract, without a person’s; some may belong to the review.`,
    ),
  ]
}

function sum(counts: readonly { papers: number }[]): number {
  return counts.reduce((total, count) => total + count.papers, 0)
}

function papers(count: number): string {
  return count === 1 ? 'One paper' : `${count} papers`
}

function when(condition: boolean, sentence: string): string[] {
  return condition ? [sentence] : []
}
