import { z } from 'zod'
import { newSessionSchema } from '../../contract/api/session.ts'
import { SheafError } from '../../errors.ts'
import { freshFolder } from '../../session/review-settings.ts'
import type { ResearchOptions } from '../commands/research.ts'
import { withReviews } from '../reviews/open.ts'
import { sayDryRun } from './dry-run.ts'
import { followToEnd } from './follow.ts'
import { requestOf } from './research-settings.ts'

/** `sheaf research`: starts or resumes a review and follows it to its end. */
export async function research(question: string | undefined, options: ResearchOptions): Promise<void> {
  await withReviews(async (reviews, config) => {
    if (options.resume !== undefined)
      return followToEnd(reviews, await reviews.resume(options.resume), options)
    if (!question?.trim())
      throw new SheafError('invalid_input', 'A question is needed.', {
        advice: 'Give it in quotation marks: sheaf research "How are …?"',
      })
    const request = requestOf(options)
    // The folder is one of where the command is given, which is not where a server runs.
    request.output ??= freshFolder(config.reviews, question)
    const asked = newSessionSchema.safeParse({ question, settings: request })
    if (!asked.success) throw new SheafError('invalid_input', z.prettifyError(asked.error))
    const { question: trimmed, settings = {} } = asked.data
    if (options.dryRun) return sayDryRun(await reviews.plan(trimmed, settings), options)
    await followToEnd(reviews, await reviews.start(trimmed, settings), options)
  })
}
