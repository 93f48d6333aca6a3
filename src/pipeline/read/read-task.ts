import { SheafError } from '../../errors.ts'
import { findDocument } from '../../store/documents.ts'
import { findPapers } from '../../store/papers.ts'
import { readableCorePapers } from '../core-papers.ts'
import type { TaskKind } from '../task.ts'

/**
 * Sees to it that a core paper's whole text is in the store. Papers of a library were read when they were collected;
 * one whose pages were lost since is a failure of its own.
 */
export const readTask: TaskKind = {
  name: 'read',
  phase: 'read',
  queue: 'documents',
  essential: false,
  next: 'extract',

  items: readableCorePapers,

  async run({ sql, session }, paperId) {
    const [paper] = await findPapers(sql, session.id, [paperId])
    const document = paper?.document && (await findDocument(sql, paper.document))
    if (!document || document.failure)
      throw new SheafError('unreadable_document', 'Its pages are no longer in the store.', {
        advice: 'Start the review anew, so that the file is read again.',
      })
    return async () => {}
  },

  async counts(context) {
    const { sql, session } = context
    const ids = (await readableCorePapers(context)).map((item) => item.key)
    const papers = await findPapers(sql, session.id, ids)
    const pages = papers.reduce((sum, paper) => sum + (paper.pageCount ?? 0), 0)
    return { papers: papers.length, pages }
  },
}
