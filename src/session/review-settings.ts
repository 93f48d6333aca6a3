import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import type { ReviewRequest } from '../contract/api/session.ts'
import { type Caller, localCaller, may } from '../contract/caller.ts'
import { type SessionSettings, sessionSettingsSchema } from '../contract/settings.ts'
import { SheafError } from '../errors.ts'
import type { Deployment } from './deployment.ts'
import { libraryFolders } from './library.ts'
import { listUploads, uploadFolder } from './uploads.ts'

/** What a review is set up with where nothing else is asked for. */
export interface ReviewDefaults {
  /** Folder in which each report gets a folder of its own. */
  readonly reviews: string
  /** Live sources that are searched when none is named, and all sources there are. */
  readonly usualSources: readonly string[]
  readonly sourceNames: readonly string[]
  /** Whether a language model is configured. */
  readonly hasModel: boolean
  /** What a review may do before it asks. */
  readonly allowed: {
    downloads?: number | undefined
    tokens?: number | undefined
    domains?: string[] | undefined
  }
}

const nameAModel =
  'Name one, as SHEAF_MODELS=openai/MODEL with its key, or review with --analyst extractive or auto.'

/** Downloads and tokens that a review may use before it asks, where no setting says otherwise. */
const askBeyond = { downloads: 100, tokens: 2_000_000 }

/**
 * What is asked of a review and what the deployment's settings say, put together.
 * @throws {SheafError} `invalid_input`; `forbidden` when folders of the machine are named without the right to.
 */
export async function reviewSettings(
  deployment: Pick<Deployment, 'sql' | 'defaults' | 'uploads'>,
  caller: Caller,
  question: string,
  request: ReviewRequest,
): Promise<SessionSettings> {
  const { output, since, until, analyst, identifiers = [], chase = [], reviewPlan = false } = request
  if (since !== undefined && until !== undefined && since > until)
    throw new SheafError('invalid_input', `No year lies between ${since} and ${until}.`)
  if (analyst === 'model' && !deployment.defaults.hasModel)
    throw new SheafError('invalid_input', 'No language model is configured.', { advice: nameAModel })
  if ((output !== undefined || request.libraryFolders) && !may(caller, 'admin'))
    throw new SheafError('forbidden', 'Only an administrator names folders of the server.', {
      advice: 'Leave "libraryFolders" and "output" out; upload papers instead.',
    })
  for (const path of [...(request.libraryFolders ?? []), ...(output === undefined ? [] : [output])])
    if (!isAbsolute(path)) throw new SheafError('invalid_input', `${path} is not an absolute path.`)
  const { downloads, tokens, domains } = { ...deployment.defaults.allowed, ...request.allowed }
  return sessionSettingsSchema.parse({
    ...request,
    analyst: analyst ?? 'auto',
    ...(await sourcesFor(deployment, caller, request)),
    identifiers,
    chase,
    reviewPlan,
    allowed: {
      downloads: downloads ?? askBeyond.downloads,
      tokens: tokens ?? askBeyond.tokens,
      ...(domains === undefined ? {} : { domains }),
    },
    output: output ?? ownFolder(deployment.defaults.reviews, question),
  })
}

/**
 * Where papers come from: the sources named; else the folders given, or the caller's own papers, or the folders kept,
 * alone; else the live sources that can be asked without a key or with those configured. Papers named one by one are
 * always looked up.
 */
async function sourcesFor(
  deployment: Pick<Deployment, 'sql' | 'defaults' | 'uploads'>,
  caller: Caller,
  { libraryFolders: given, sources: source, identifiers }: ReviewRequest,
): Promise<Pick<SessionSettings, 'sources' | 'libraryFolders'>> {
  const { sourceNames, usualSources } = deployment.defaults
  const kept = given ?? (await usualFolders(deployment, caller))
  const unknown = source?.find((name) => !sourceNames.includes(name))
  if (unknown !== undefined)
    throw new SheafError('invalid_input', `There is no source named “${unknown}”.`, {
      advice: `Known are: ${sourceNames.join(', ')}.`,
    })
  const named = identifiers === undefined ? [] : ['given']
  const asked = source ?? (kept.length > 0 ? ['library'] : identifiers === undefined ? usualSources : [])
  const sources = [...new Set([...named, ...asked])]
  const folders = sources.includes('library') ? kept : []
  if (sources.includes('library') && folders.length === 0)
    throw new SheafError('invalid_input', 'There are no folders of papers to review.', {
      advice: 'Name one with --library, or keep one for all reviews with "sheaf library add FOLDER".',
    })
  return { sources, libraryFolders: folders }
}

/** The caller's own papers, else the folders kept; who sits at the machine has put in both. */
async function usualFolders(
  deployment: Pick<Deployment, 'sql' | 'uploads'>,
  caller: Caller,
): Promise<string[]> {
  const [upload] = await listUploads(deployment, caller, { limit: 1 })
  const own = upload ? [uploadFolder(deployment.uploads, caller.user)] : []
  if (own.length > 0 && caller.user !== localCaller.user) return own
  return [...(await libraryFolders(deployment)), ...own]
}

/** A question as a name of a folder. */
function slugOf(question: string): string {
  const slug = question
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '')
  return slug || 'review'
}

/** A folder named after the question that no other review writes to, though hundreds ask the same at once on several machines. */
function ownFolder(parent: string, question: string): string {
  return join(parent, `${slugOf(question)}-${randomBytes(4).toString('hex')}`)
}

/** A folder named after the question that does not exist yet: for who starts one review at a time, and will look for it. */
export function freshFolder(parent: string, question: string): string {
  const slug = slugOf(question)
  const taken = new Set(existsSync(parent) ? readdirSync(parent) : [])
  for (let number = 1; ; number++) {
    const name = `${slug}${number === 1 ? '' : `-${number}`}`
    if (!taken.has(name)) return join(parent, name)
  }
}
