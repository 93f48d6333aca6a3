import { type SessionView, sessionViewSchema } from '../contract/api/session.ts'
import { type Caller, may } from '../contract/caller.ts'
import type { Gate } from '../contract/gates.ts'
import type { Session } from '../store/sessions.ts'
import type { Waiting } from './admit-sessions.ts'

/** A session as its callers see it, in the order of its contract: folders of the machine are an administrator's business. */
export function viewOf(
  session: Session,
  caller: Caller,
  { gate, waiting }: { gate?: Gate | undefined; waiting?: Waiting | undefined } = {},
): SessionView {
  const { createdAt, finishedAt, outputFolder, settings, ...same } = session
  const { output: _, libraryFolders: __, ...open } = settings
  const isAdministrator = may(caller, 'admin')
  return sessionViewSchema.parse({
    ...same,
    settings: isAdministrator ? settings : open,
    ...(isAdministrator && outputFolder !== undefined && { outputFolder }),
    ...(gate && { gate }),
    ...(waiting && {
      queue: {
        position: waiting.position,
        ...(waiting.expectedStart && { expectedStart: waiting.expectedStart.toISOString() }),
      },
    }),
    createdAt: createdAt.toISOString(),
    ...(finishedAt && { finishedAt: finishedAt.toISOString() }),
  })
}
