import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { App } from '../../compose.ts'
import type { SessionSettings } from '../../contract/settings.ts'
import { SheafError } from '../../errors.ts'
import { createSession } from '../../session/create-session.ts'
import { libraryFolders } from '../../session/library.ts'
import type { ResearchOptions } from '../commands/research.ts'
import { showDryRun } from './dry-run.ts'
import { followToEnd } from './follow.ts'
import { sayOutcome } from './outcome.ts'
import { resumeAndFollow } from './resume.ts'
import { withApp } from './with-app.ts'

/** `sheaf research`: starts or resumes a review and follows it to its end. */
export async function research(question: string | undefined, options: ResearchOptions): Promise<void> {
  await withApp(async (app) => {
    if (options.resume !== undefined) return resumeAndFollow(app, options.resume, options)
    if (!question?.trim())
      throw new SheafError('invalid_input', 'A question is needed.', {
        advice: 'Give it in quotation marks: sheaf research "How are …?" --library FOLDER',
      })
    const settings = await settingsFor(app, question, options)
    if (options.dryRun) return showDryRun(app, question, settings, options)
    const session = await createSession(app.deployment, { question: question.trim(), settings })
    sayOutcome(session, await followToEnd(app, session, 0, options), options.json)
  })
}

async function settingsFor(
  app: App,
  question: string,
  { library, out, maxPapers, since, until, review }: ResearchOptions,
): Promise<SessionSettings> {
  const folders = library ?? (await libraryFolders(app.deployment))
  if (folders.length === 0)
    throw new SheafError('invalid_input', 'There are no papers to review.', {
      advice: 'Name a folder with --library, or keep one for all reviews with "sheaf library add FOLDER".',
    })
  if (since !== undefined && until !== undefined && since > until)
    throw new SheafError('invalid_input', `No year lies between --since ${since} and --until ${until}.`)
  return {
    analyst: 'extractive',
    sources: ['library'],
    libraryFolders: folders,
    reviewPlan: review === 'plan',
    output: out === undefined ? freshFolder(app.config.reviews, question) : resolve(out),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(maxPapers === undefined ? {} : { maxPapers }),
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
