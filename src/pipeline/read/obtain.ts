import type { DocumentFailure, DocumentId } from '../../contract/document.ts'
import type { FullTextLocation, Paper } from '../../contract/paper.ts'
import type { Download } from '../../sources/full-texts.ts'
import { leftOutBecause, waitsTooLong } from '../long-waits.ts'
import type { TaskContext } from '../task.ts'
import { type DownloadApproval, downloadApproval } from './approval.ts'

/** What came of seeking a paper's full text: a document that was read, or why there is none. */
export interface Obtained {
  document?: DocumentId
  pageCount?: number
  failure?: DocumentFailure
  /** Places that were tried, in order, and what came of each. */
  retrieval: { url: string; outcome: string }[]
}

/** Places that are tried for one paper; a page that leads to ever more is followed no further. */
const mostPlaces = 12

/** What one place gave: a document that was read, or why not, and where else it leads. */
interface Attempt {
  document?: DocumentId
  pageCount?: number
  failure?: DocumentFailure
  leadsTo?: readonly string[] | undefined
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
    const waiting = [...locations]
    for (let location = waiting.shift(); location; location = waiting.shift()) {
      if (tried.has(location.url) || tried.size >= mostPlaces) continue
      tried.add(location.url)
      const outcome: Attempt = approval.mayVisit(location.url)
        ? await tryOne(context, location.url, approval)
        : { failure: { code: 'not_approved', message: 'Its host is not on the allowed list.' } }
      waiting.unshift(...(outcome.leadsTo ?? []).map((url) => ({ url, isPdf: true })))
      retrieval.push({ url: location.url, outcome: outcome.failure?.message ?? 'retrieved' })
      const { document, pageCount } = outcome
      if (document !== undefined) return { document, ...(pageCount && { pageCount }), retrieval }
      if (outcome.failure) failures.push(outcome.failure)
    }
    return undefined
  }
  const found = (await tryAll(paper.locations ?? [])) ?? (await tryAll(await furtherPlaces(context, paper)))
  return found ?? { retrieval, failure: mostTelling(failures) }
}

async function furtherPlaces(
  { fullTexts, signal }: TaskContext,
  { fields }: Paper,
): Promise<FullTextLocation[]> {
  try {
    return await fullTexts.find(fields, signal)
  } catch (thrown) {
    if (waitsTooLong(thrown)) return []
    throw thrown
  }
}

async function tryOne(
  { archive, fullTexts, signal }: TaskContext,
  url: string,
  { mayVisit }: DownloadApproval,
): Promise<Attempt> {
  const outcome = await archive
    .readAddress(url, () => fullTexts.download(url, { mayVisit, signal }), signal)
    .catch((thrown: unknown): Extract<Download, { ok: false }> => {
      if (!waitsTooLong(thrown)) throw thrown
      return { ok: false, failure: { code: 'unreachable', message: leftOutBecause(thrown) } }
    })
  if (!outcome.ok)
    return { failure: outcome.failure, leadsTo: 'leadsTo' in outcome ? outcome.leadsTo : undefined }
  return { document: outcome.document.id, pageCount: outcome.document.pageCount }
}

function mostTelling(failures: readonly DocumentFailure[]): DocumentFailure {
  const [first] = failures.toSorted(
    (one, other) => tellingFirst.indexOf(one.code) - tellingFirst.indexOf(other.code),
  )
  return first ?? { code: 'no_open_access', message: 'No open-access full text is known.' }
}
