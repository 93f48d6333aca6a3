import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { App } from '../../compose.ts'
import type { SessionRequest } from '../../contract/settings.ts'
import { SheafError } from '../../errors.ts'
import { libraryFolders } from '../../session/library.ts'
import type { ResearchOptions } from '../commands/research.ts'

/** What the flags and the configuration ask of a review, put together. @throws {SheafError} `invalid_input`. */
export async function settingsFor(
  app: App,
  question: string,
  options: ResearchOptions,
): Promise<SessionRequest> {
  const { out, maxPapers, maxRecords, since, until, review, paper, analyst, chase } = options
  if (since !== undefined && until !== undefined && since > until)
    throw new SheafError('invalid_input', `No year lies between --since ${since} and --until ${until}.`)
  return {
    analyst: analyst ?? 'auto',
    ...(await sourcesFor(app, options)),
    identifiers: paper ?? [],
    chase: chase === undefined ? [] : chase === 'both' ? ['backward', 'forward'] : [chase],
    allowed: allowedFor(app, options),
    reviewPlan: review === 'plan',
    output: out === undefined ? freshFolder(app.config.reviews, question) : resolve(out),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(maxPapers === undefined ? {} : { maxPapers }),
    ...(maxRecords === undefined ? {} : { maxRecords }),
  }
}

/**
 * Where papers come from: the sources named; else the folders given or kept, alone; else the live sources that can be
 * asked without a key or with those configured. Papers named one by one are always looked up.
 */
async function sourcesFor(
  app: App,
  { library, source, paper }: ResearchOptions,
): Promise<Pick<SessionRequest, 'sources' | 'libraryFolders'>> {
  const kept = library ?? (await libraryFolders(app.deployment))
  const unknown = source?.find((name) => !app.sourceNames.includes(name))
  if (unknown !== undefined)
    throw new SheafError('invalid_input', `There is no source named “${unknown}”.`, {
      advice: `Known are: ${app.sourceNames.join(', ')}.`,
    })
  const named = paper === undefined ? [] : ['given']
  const asked = source ?? (kept.length > 0 ? ['library'] : paper === undefined ? app.usualSources : [])
  const sources = [...new Set([...named, ...asked])]
  const folders = sources.includes('library') ? kept : []
  if (sources.includes('library') && folders.length === 0)
    throw new SheafError('invalid_input', 'There are no folders of papers to review.', {
      advice: 'Name one with --library, or keep one for all reviews with "sheaf library add FOLDER".',
    })
  return { sources, libraryFolders: folders }
}

/** Downloads and tokens that a review may use before it asks; what is not set has these bounds. */
const askBeyond = { downloads: 100, tokens: 2_000_000 }

function allowedFor(
  { config }: App,
  { allowDownloads, allowDomains, allowTokens }: ResearchOptions,
): NonNullable<SessionRequest['allowed']> {
  const domains = allowDomains ?? config.allowedDomains
  return {
    downloads: allowDownloads ?? config.allowedDownloads ?? askBeyond.downloads,
    tokens: allowTokens ?? config.allowedTokens ?? askBeyond.tokens,
    ...(domains === undefined ? {} : { domains }),
  }
}

/** A folder named after the question that does not exist yet. */
function freshFolder(parent: string, question: string): string {
  const slug = question
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '')
  const taken = new Set(existsSync(parent) ? readdirSync(parent) : [])
  for (let number = 1; ; number++) {
    const name = `${slug || 'review'}${number === 1 ? '' : `-${number}`}`
    if (!taken.has(name)) return join(parent, name)
  }
}
