import { setTimeout as delay } from 'node:timers/promises'
import { contentOf, createClient } from '../../client/client.ts'
import { pastEvents, streamEvents } from '../../client/events.ts'
import { madeTokenSchema, tokenIdSchema, tokenViewSchema } from '../../contract/api/access.ts'
import { sessionCostSchema } from '../../contract/api/ledger.ts'
import { libraryFolderSchema } from '../../contract/api/library.ts'
import { type ListPage, largestPage, pageSchema } from '../../contract/api/paging.ts'
import { dryRunSchema } from '../../contract/api/plan.ts'
import { nextToLabelSchema, screeningViewSchema, undoneSchema } from '../../contract/api/screening.ts'
import { acceptedSchema, sessionIdSchema, sessionViewSchema } from '../../contract/api/session.ts'
import type { SessionEvent } from '../../contract/events.ts'
import { taskFailureSchema } from '../../contract/report.ts'
import { messageOf, SheafError } from '../../errors.ts'
import type { Begun, Reviews } from './reviews.ts'
import { type HoldingServer, hangUp } from './server.ts'

/** How a server that went away while a review was followed is waited for, in milliseconds: a machine may start again. */
const waiting = { patience: 60_000, between: 500 }

/**
 * Reviews at the server that holds the data folder.
 * @param found the server as it was found
 * @param find finds it anew when it has gone away: started again it may listen elsewhere, and has another secret
 */
export function remoteReviews(
  found: HoldingServer,
  find: () => Promise<HoldingServer | undefined>,
  { patience, between } = waiting,
): Reviews {
  const v1 = createClient(found.address).api.v1
  const sessions = v1.sessions[':session']
  const { screening } = sessions

  async function begun(session: string, answer: Promise<{ json(): Promise<unknown> }>): Promise<Begun> {
    return { session, after: (await contentOf(acceptedSchema, await answer)).after }
  }

  async function* follow(session: string, after: number, signal: AbortSignal): AsyncGenerator<SessionEvent> {
    let address = found.address
    let last = after
    let heard = Date.now()
    while (!signal.aborted) {
      try {
        for await (const event of streamEvents(address, session, last, signal)) {
          last = event.sequence
          heard = Date.now()
          yield event
        }
        return
      } catch (thrown) {
        if (signal.aborted) return
        if (!(SheafError.isInstance(thrown) && thrown.retryable)) throw thrown
        if (Date.now() - heard > patience) throw goneServer(session, thrown)
        await delay(between, undefined, { signal }).catch(() => undefined)
        address = (await find().catch(() => undefined))?.address ?? address
      }
    }
  }

  return {
    async start(question, settings) {
      const answer = await v1.sessions.$post({ json: { question, settings } })
      const { session_id, after } = await contentOf(acceptedSchema, answer)
      return { session: session_id, after }
    },
    plan: async (question, settings) =>
      contentOf(dryRunSchema, await v1.plans.$post({ json: { question, settings } })),
    resume: (session) => begun(session, sessions.resume.$post(of(session))),
    approvePlan: (session, plan) =>
      begun(session, sessions.plan.$post({ ...of(session), json: { ...(plan && { plan }) } })),
    answerGate: (session, state, answer) =>
      begun(session, sessions.gate.$post({ ...of(session), json: { state, ...(answer && { answer }) } })),
    cancel: async (session) => void (await sessions.cancel.$post(of(session))),
    remove: async (session) => void (await sessions.$delete(of(session))),

    list: (limit) =>
      all(
        async (page) => contentOf(pageSchema(sessionViewSchema), await v1.sessions.$get({ query: page })),
        limit,
      ),
    read: async (session) => contentOf(sessionViewSchema, await sessions.$get(of(session))),
    async show(session) {
      return {
        session: await contentOf(sessionViewSchema, await sessions.$get(of(session))),
        events: await all((page) => pastEvents(found.address, session, page)),
        failures: await all(async (page) =>
          contentOf(
            pageSchema(taskFailureSchema),
            await sessions.failures.$get({ ...of(session), query: page }),
          ),
        ),
      }
    },
    cost: async (session) => contentOf(sessionCostSchema, await sessions.cost.$get(of(session))),
    follow,

    screening: async (session) =>
      contentOf(screeningViewSchema, await screening.$get({ ...of(session), query: { limit: '1' } })),
    labels: (session) =>
      all(async (page) => {
        const answer = await screening.$get({ ...of(session), query: page })
        return (await contentOf(screeningViewSchema, answer)).labels
      }),
    nextToLabel: async (session) =>
      (await contentOf(nextToLabelSchema, await screening.next.$get(of(session)))).paper,
    async label(session, { paperId: paper, ...json }) {
      await screening.labels[':paper'].$put({ param: { ...of(session).param, paper }, json })
    },
    undoLabel: async (session) =>
      (await contentOf(undoneSchema, await screening.labels.last.$delete(of(session)))).paperId,
    redoScreening: (session) => begun(session, screening.redo.$post(of(session))),

    async libraryFolders() {
      const folders = await all(async (page) =>
        contentOf(pageSchema(libraryFolderSchema), await v1.library.folders.$get({ query: page })),
      )
      return folders.map(({ path }) => path)
    },
    addLibraryFolder: async (path) => (await v1.library.folders.$post({ json: { path } })).status === 201,
    removeLibraryFolder: async (path) => void (await v1.library.folders.$delete({ json: { path } })),

    createToken: async (json) => contentOf(madeTokenSchema, await v1.tokens.$post({ json })),
    tokens: () =>
      all(async (page) => contentOf(pageSchema(tokenViewSchema), await v1.tokens.$get({ query: page }))),
    async revokeToken(token) {
      if (!tokenIdSchema.safeParse(token).success)
        throw new SheafError('not_found', `There is no token ${token}.`)
      await v1.tokens[':token'].$delete({ param: { token } })
    },

    close: hangUp,
  }
}

function goneServer(session: string, cause: unknown): SheafError {
  return new SheafError('store_unavailable', `The Sheaf server is gone: ${messageOf(cause)}`, {
    advice: `Session ${session} goes on when it starts again; follow it then: sheaf sessions follow ${session}`,
    cause,
  })
}

/** A session in an address. What cannot be a name names nothing. */
function of(session: string): { param: { session: string } } {
  if (sessionIdSchema.safeParse(session).success) return { param: { session } }
  throw new SheafError('not_found', `There is no session ${session}.`)
}

/** All items of a list, or the first `most`, page by page. */
async function all<Item>(
  read: (page: {
    limit: string
    after?: string
  }) => Promise<ListPage<Item> | { items: Item[]; next?: string | undefined }>,
  most = Number.POSITIVE_INFINITY,
): Promise<Item[]> {
  const items: Item[] = []
  for (let after: string | undefined; ; ) {
    const page = await read({ limit: String(largestPage), ...(after !== undefined && { after }) })
    items.push(...page.items)
    after = page.next
    if (after === undefined || items.length >= most) return items.slice(0, most)
  }
}
