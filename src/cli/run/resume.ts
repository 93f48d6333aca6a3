import type { App } from '../../compose.ts'
import { resumeSession } from '../../session/resume-session.ts'
import { followToEnd, type Shown } from './follow.ts'
import { sayOutcome } from './outcome.ts'

/** Goes on with a session and shows what happens from here on. */
export async function resumeAndFollow(app: App, session: string, shown: Shown): Promise<void> {
  const lastEvent = await resumeSession(app.deployment, session)
  sayOutcome(app, session, await followToEnd(app, session, lastEvent, shown), shown.json)
}
