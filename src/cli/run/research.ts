import { localCaller } from '../../contract/caller.ts'
import { SheafError } from '../../errors.ts'
import { createSession } from '../../session/create-session.ts'
import { reviewSettings } from '../../session/review-settings.ts'
import type { ResearchOptions } from '../commands/research.ts'
import { showDryRun } from './dry-run.ts'
import { followToEnd } from './follow.ts'
import { sayOutcome } from './outcome.ts'
import { requestOf } from './research-settings.ts'
import { resumeAndFollow } from './resume.ts'
import { withApp } from './with-app.ts'

/** `sheaf research`: starts or resumes a review and follows it to its end. */
export async function research(question: string | undefined, options: ResearchOptions): Promise<void> {
  await withApp(async (app) => {
    if (options.resume !== undefined) return resumeAndFollow(app, options.resume, options)
    if (!question?.trim())
      throw new SheafError('invalid_input', 'A question is needed.', {
        advice: 'Give it in quotation marks: sheaf research "How are …?"',
      })
    const settings = await reviewSettings(app.deployment, localCaller, question, requestOf(options))
    if (options.dryRun) return showDryRun(app, question, settings, options)
    const session = await createSession(app.deployment, { question: question.trim(), settings })
    sayOutcome(app, session, await followToEnd(app, session, 0, options), options.json)
  })
}
