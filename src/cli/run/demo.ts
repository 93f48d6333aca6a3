import { resolve } from 'node:path'
import { createSession } from '../../session/create-session.ts'
import { remark } from '../terminal.ts'
import { followToEnd, type Shown } from './follow.ts'
import { sayOutcome } from './outcome.ts'
import { withApp } from './with-app.ts'

/** What the bundled notes are reviewed for. */
const demoQuestion =
  'Which methods read, quote, rank, screen, merge and group scientific papers, and how well do they work?'

/** The bundled library: Sheaf's own engineering notes, typeset. */
const demoLibrary = resolve(import.meta.dirname, '../../../docs/notes/pdf')

/** `sheaf demo`: a review of the bundled question over the bundled library. */
export async function demo({ out, ...shown }: Shown & { out: string }): Promise<void> {
  await withApp(async (app) => {
    remark(`Question: ${demoQuestion}`)
    const session = await createSession(app.deployment, {
      question: demoQuestion,
      settings: {
        analyst: 'extractive',
        sources: ['library'],
        libraryFolders: [demoLibrary],
        reviewPlan: false,
        output: resolve(out),
      },
    })
    sayOutcome(app, session, await followToEnd(app, session, 0, shown), shown.json)
  })
}
