import { resolve } from 'node:path'
import { withReviews } from '../reviews/open.ts'
import { remark } from '../terminal.ts'
import { followToEnd, type Shown } from './follow.ts'

/** What the bundled notes are reviewed for. */
const demoQuestion =
  'Which methods read, quote, rank, screen, merge and group scientific papers, and how well do they work?'

/** The bundled library: Sheaf's own engineering notes, typeset. */
const demoLibrary = resolve(import.meta.dirname, '../../../docs/notes/pdf')

/** `sheaf demo`: a review of the bundled question over the bundled library. */
export async function demo({ out, ...shown }: Shown & { out: string }): Promise<void> {
  await withReviews(async (reviews) => {
    remark(`Question: ${demoQuestion}`)
    const begun = await reviews.start(demoQuestion, {
      analyst: 'extractive',
      sources: ['library'],
      libraryFolders: [demoLibrary],
      output: resolve(out),
    })
    await followToEnd(reviews, begun, shown)
  })
}
