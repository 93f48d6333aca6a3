import { audit } from '../../access/audit.ts'
import { createToken, listTokens, revokeToken } from '../../access/tokens.ts'
import type { App } from '../../compose.ts'
import type { TokenView } from '../../contract/api/access.ts'
import { largestPage } from '../../contract/api/paging.ts'
import { localCaller } from '../../contract/caller.ts'
import { waitingPlace } from '../../session/admit-sessions.ts'
import { answerGate, pendingGate } from '../../session/answer-gate.ts'
import { approvePlan } from '../../session/approve-plan.ts'
import { cancelSession } from '../../session/cancel-session.ts'
import { createSession } from '../../session/create-session.ts'
import { interruptSession } from '../../session/interrupt-session.ts'
import { addLibraryFolder, libraryFolders, removeLibraryFolder } from '../../session/library.ts'
import { planReview } from '../../session/plan-review.ts'
import { listSessions, showSession } from '../../session/read-sessions.ts'
import { removeSession } from '../../session/remove-session.ts'
import { resumeSession } from '../../session/resume-session.ts'
import { reviewSettings } from '../../session/review-settings.ts'
import { sessionCost } from '../../session/session-cost.ts'
import { viewOf } from '../../session/session-view.ts'
import { createTeachings, redoScreening } from '../../session/teach-screening.ts'
import { visibleSession } from '../../session/visible-session.ts'
import type { Reviews } from './reviews.ts'

/** Milliseconds that running tasks may take to finish after Ctrl-C. */
const grace = 5_000

/** Reviews of a deployment that this process has opened, and works for. Closing them closes it. */
export function localReviews(app: App): Reviews {
  const { deployment, access } = app
  const enter = (action: string, token: string) =>
    audit(access, {
      user: localCaller.user,
      address: 'command line',
      action,
      target: `/tokens/${token}`,
      outcome: 'done',
    })
  const teachings = createTeachings(deployment)
  const from = async (session: string, after: Promise<number>) => ({ session, after: await after })

  return {
    async start(question, request) {
      const settings = await reviewSettings(deployment, localCaller, question, request)
      return { session: await createSession(deployment, { question, settings }), after: 0 }
    },
    plan: async (question, request) =>
      planReview(deployment, question, await reviewSettings(deployment, localCaller, question, request)),
    resume: (session) => from(session, resumeSession(deployment, session)),
    approvePlan: (session, edited) => from(session, approvePlan(deployment, session, edited)),
    answerGate: (session, state, answer) => from(session, answerGate(deployment, session, state, answer)),
    cancel: (session) => cancelSession(deployment, session),
    remove: (session) => removeSession(deployment, session),

    list: async (limit) =>
      (await listSessions(deployment, localCaller, { limit })).map((session) => viewOf(session, localCaller)),
    async read(id) {
      const session = await visibleSession(deployment, localCaller, id)
      return viewOf(session, localCaller, {
        gate: await pendingGate(deployment, id),
        waiting: await waitingPlace(deployment, session),
      })
    },
    async show(id) {
      const { session, gate, events, failures } = await showSession(deployment, id)
      const waiting = await waitingPlace(deployment, session)
      return { session: viewOf(session, localCaller, { gate, waiting }), events, failures }
    },
    cost: (session) => sessionCost(deployment, session),

    follow: deployment.follow,
    work: {
      begin: () => app.startWorkers(),
      async interrupt(session) {
        await app.stopWorkers(grace)
        await interruptSession(deployment, session)
      },
      storeFailed: app.storeFailed,
      cacheCounts: app.cacheCounts,
    },

    screening: async (session) => (await teachings.open(session)).state(),
    labels: async (session) => [...(await teachings.open(session)).labels],
    nextToLabel: async (session) => (await teachings.open(session)).next(),
    label: async (session, label) => (await teachings.open(session)).label(label),
    undoLabel: async (session) => (await teachings.open(session)).undo(),
    redoScreening: (session) => from(session, redoScreening(deployment, session)),

    libraryFolders: () => libraryFolders(deployment),
    addLibraryFolder: async (path) => (await addLibraryFolder(deployment, path)).isNew,
    removeLibraryFolder: async (path) => void (await removeLibraryFolder(deployment, path)),

    async createToken(request) {
      const made = await createToken(access, localCaller, request)
      await enter('token.made', made.id)
      return made
    },
    async tokens() {
      const tokens: TokenView[] = []
      for (let after: string | undefined; ; ) {
        const { items, next } = await listTokens(access, localCaller, { limit: largestPage, after })
        tokens.push(...items)
        if (next === undefined) return tokens
        after = next
      }
    },
    async revokeToken(id) {
      await revokeToken(access, localCaller, id)
      await enter('token.revoked', id)
    },

    close: () => app.close(),
  }
}
