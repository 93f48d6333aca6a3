import type { DocumentFailure, DocumentId } from '../../contract/document.ts'
import type { FullTextLocation, Paper } from '../../contract/paper.ts'
import type { TaskContext } from '../task.ts'
import { downloadApproval } from './approval.ts'

/** What came of seeking a paper's full text: a document that was read, or why there is none. */
export interface Obtained {
  document?: DocumentId
  pageCount?: number
  failure?: DocumentFailure
  /** Places that were tried, in order, and what came of each. */
  retrieval: { url: string; outcome: string }[]
}

/** Of several failures, the one that says most of what could be done: a file that is there before a host that refuses. */
const tellingFirst: readonly DocumentFailure['code'][] = [
  'refused_by_host',
  'not_approved',
  'not_a_full_text',
  'unreachable',
  'address_refused',
  'no_open_access',
]

/**
 * Seeks a paper's full text where it is open: the places that its records name, best first, then those that others
 * know. The first that gives a readable PDF ends the search; each that does not is noted.
 */
export async function obtain(context: TaskContext, paper: Paper): Promise<Obtained> {
  const approval = await downloadApproval(context)
  const retrieval: Obtained['retrieval'] = []
  if (!approval.mayDownload(paper.id))
    return { retrieval, failure: { code: 'not_approved', message: 'Its download was not agreed to.' } }

  const failures: DocumentFailure[] = []
  const tried = new Set<string>()
  const tryAll = async (locations: readonly FullTextLocation[]): Promise<Obtained | undefined> => {
    for (const location of locations) {
      if (tried.has(location.url)) continue
      tried.add(location.url)
      const outcome = approval.mayVisit(location)
        ? await tryOne(context, location.url)
        : { failure: { code: 'not_approved' as const, message: 'Its host is not on the allowed list.' } }
      retrieval.push({ url: location.url, outcome: outcome.failure?.message ?? 'retrieved' })
      if (!outcome.failure) return { ...outcome, retrieval }
      failures.push(outcome.failure)
    }
    return undefined
  }
  const found =
    (await tryAll(paper.locations ?? [])) ??
    (await tryAll(await context.fullTexts.find(paper.fields, context.signal)))
  return found ?? { retrieval, failure: mostTelling(failures) }
}

async function tryOne(
  { archive, fullTexts, signal }: TaskContext,
  url: string,
): Promise<{ document?: DocumentId; pageCount?: number; failure?: DocumentFailure }> {
  const outcome = await archive.readAddress(url, () => fullTexts.download(url, signal), signal)
  if (!outcome.ok) return { failure: outcome.failure }
  return { document: outcome.document.id, pageCount: outcome.document.pages.length }
}

function mostTelling(failures: readonly DocumentFailure[]): DocumentFailure {
  const [first] = failures.toSorted(
    (one, other) => tellingFirst.indexOf(one.code) - tellingFirst.indexOf(other.code),
  )
  return first ?? { code: 'no_open_access', message: 'No open-access full text is known.' }
}
