import { SheafError } from '../../errors.ts'
import { findDocument } from '../../store/documents.ts'
import { appendEvent } from '../../store/events.ts'
import { attachFullText, findPaper, findPapers } from '../../store/papers.ts'
import { corePapersToRead, readableCorePapers } from '../core-papers.ts'
import type { StoreResult, TaskContext, TaskKind } from '../task.ts'
import { obtain } from './obtain.ts'

/**
 * Sees to it that a core paper's whole text is in the store. Papers of a library were read when they were collected;
 * those of live sources are downloaded now. One that cannot be had is kept with the reason.
 */
export const readTask: TaskKind = {
  name: 'read',
  phase: 'read',
  queue: 'documents',
  essential: false,
  next: 'extract',

  items: corePapersToRead,

  async run(context, paperId) {
    const { sql, session } = context
    const paper = await findPaper(sql, session.id, paperId)
    if (!paper) throw new SheafError('internal', `There is no paper ${paperId} to read.`)
    if (paper.document === undefined) return obtainFullText(context, paper)
    const document = await findDocument(sql, paper.document)
    if (!document || document.failure)
      throw new SheafError('unreadable_document', 'Its pages are no longer in the store.', {
        advice: 'Start the review anew, so that the file is read again.',
      })
    return async () => {}
  },

  followers: (context, paperId) => readableCorePapers(context, [paperId]),

  async counts(context) {
    const { sql, session } = context
    const ids = (await readableCorePapers(context)).map((item) => item.key)
    const papers = await findPapers(sql, session.id, ids)
    const pages = papers.reduce((sum, paper) => sum + (paper.pageCount ?? 0), 0)
    const sought = await findPapers(
      sql,
      session.id,
      (await corePapersToRead(context)).map((item) => item.key),
    )
    return { papers: papers.length, pages, 'not retrieved': sought.length - papers.length }
  },
}

async function obtainFullText(
  context: TaskContext,
  paper: NonNullable<Awaited<ReturnType<typeof findPaper>>>,
): Promise<StoreResult> {
  const { session } = context
  const obtained = await obtain(context, paper)
  return async (transaction) => {
    await attachFullText(transaction, session.id, paper.id, obtained)
    if (obtained.failure)
      await appendEvent(transaction, session.id, {
        type: 'item.failed',
        phase: 'read',
        item: paper.fields.title,
        message: obtained.failure.message,
      })
  }
}
