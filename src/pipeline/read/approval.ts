import type { Paper } from '../../contract/paper.ts'
import { ApprovalError } from '../../errors.ts'
import { gatesOf } from '../../store/gates.ts'
import { findPapers } from '../../store/papers.ts'
import { coreScores, papersInTier } from '../../store/screening.ts'
import type { TaskContext } from '../task.ts'

/** What a person has agreed to, for the full texts of one session. */
export interface DownloadApproval {
  /** Whether this paper is among those that may be downloaded. */
  mayDownload(paperId: string): boolean
  /** Whether the host of an address may be visited. */
  mayVisit(url: string): boolean
}

/**
 * Compares what is to be downloaded with what is allowed without asking, and with what was agreed to.
 * @throws {ApprovalError} `downloads` or `domains`, when a person has to decide first
 */
export async function downloadApproval(
  context: Pick<TaskContext, 'sql' | 'session' | 'settings'>,
): Promise<DownloadApproval> {
  const { sql, session, settings } = context
  const { downloads = Number.POSITIVE_INFINITY, domains: hosts } = settings.allowed
  // Asked for each paper; mostly there are no more core papers than may be downloaded, and none need be looked at.
  if (hosts === undefined && (await papersInTier(sql, session.id, 'core')).length <= downloads)
    return everything
  const scores = await coreScores(sql, session.id)
  const core = await findPapers(sql, session.id, [...scores.keys()])
  const sought = core.filter(isSought)
  const limit = await downloadLimit(context, sought.length)
  const allowed = new Set(
    sought
      .toSorted((one, other) => scores.get(other.id)! - scores.get(one.id)! || (one.id < other.id ? -1 : 1))
      .slice(0, limit)
      .map(({ id }) => id),
  )
  const domains = await allowedDomains(
    context,
    sought.filter(({ id }) => allowed.has(id)),
  )
  return {
    mayDownload: (paperId) => allowed.has(paperId),
    mayVisit: (url) => domains === undefined || isWithin(hostOf(url), domains),
  }
}

const everything: DownloadApproval = { mayDownload: () => true, mayVisit: () => true }

/** Papers whose full text no library held. The same set before and after they have been downloaded. */
function isSought({ document, failure, retrieval }: Paper): boolean {
  return retrieval !== undefined || (document === undefined && failure === undefined)
}

async function downloadLimit(
  { sql, session, settings }: Pick<TaskContext, 'sql' | 'session' | 'settings'>,
  papers: number,
): Promise<number | undefined> {
  const allowed = settings.allowed.downloads
  if (allowed === undefined || papers <= allowed) return undefined
  const gate = (await gatesOf(sql, session.id)).get('downloads')
  if (gate?.state === 'rejected') return allowed
  if (gate?.state === 'approved') {
    const agreed = gate.answer?.downloads
    if (agreed !== undefined) return agreed
    if (papers <= Number(gate.details.papers)) return undefined
  }
  throw new ApprovalError(
    'downloads',
    `${papers} full texts would be downloaded; ${allowed} are allowed without asking.`,
    { papers, allowed },
  )
}

async function allowedDomains(
  { sql, session, settings }: Pick<TaskContext, 'sql' | 'session' | 'settings'>,
  papers: readonly Paper[],
): Promise<readonly string[] | undefined> {
  const allowed = settings.allowed.domains
  if (allowed === undefined) return undefined
  const needed = new Set<string>()
  for (const { locations = [] } of papers)
    if (!locations.some(({ url }) => isWithin(hostOf(url), allowed)))
      for (const { url } of locations) needed.add(hostOf(url))
  if (needed.size === 0) return allowed
  const gate = (await gatesOf(sql, session.id)).get('domains')
  if (gate?.state === 'rejected') return allowed
  if (gate?.state === 'approved') {
    const asked = Array.isArray(gate.details.domains) ? gate.details.domains.map(String) : []
    if ([...needed].every((domain) => asked.includes(domain)))
      return [...allowed, ...(gate.answer?.domains ?? asked)]
  }
  const domains = [...needed].sort()
  throw new ApprovalError(
    'domains',
    `Some full texts are only at hosts outside the allowed list: ${domains.join(', ')}.`,
    { domains },
  )
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : url
}

function isWithin(host: string, domains: readonly string[]): boolean {
  return domains.some((domain) => host === domain || host.endsWith(`.${domain}`))
}
