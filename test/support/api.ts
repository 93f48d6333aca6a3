import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createToken } from '../../src/access/tokens.ts'
import { type Api, createApi } from '../../src/api/app.ts'
import type { ApiContext } from '../../src/api/context.ts'
import { type App, openApp } from '../../src/compose.ts'
import { loadConfig } from '../../src/config.ts'
import { localCaller, type Scope } from '../../src/contract/caller.ts'
import { copyPglite } from './databases.ts'

/** The API over a deployment of its own, without a socket. */
export interface TestApi extends AsyncDisposable {
  readonly app: App
  readonly api: Api
  /** Data folder; reports go to `reviews` beside it. */
  readonly home: string
  readonly context: ApiContext
  /** Faults of Sheaf itself that were reported; a test expects none. */
  readonly faults: unknown[]
  /** Sends a request to a path below /api/v1, as whoever sits at the machine; an object as `json` is its body. */
  send: Send
  /** Sends the same as another user, who is entered, with a token of theirs. */
  as(user: string, scope: Scope): Promise<Send>
  /** Makes a token of a user, who is entered. */
  token(user: string, scope: Scope): Promise<string>
}

type Send = (
  method: string,
  path: string,
  options?: { json?: unknown; headers?: Record<string, string> },
) => Promise<Response>

/** Opens one, on an embedded database that was made before, or where `environment` says. Workers are the test's to start. */
export async function openTestApi({
  environment = {},
  ...given
}: Partial<ApiContext> & { environment?: NodeJS.ProcessEnv } = {}): Promise<TestApi> {
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-api-'))
  const home = join(folder, 'home')
  if (environment.DATABASE_URL === undefined) await copyPglite(join(home, 'database'))
  const app = await openApp(
    loadConfig({ SHEAF_HOME: home, SHEAF_REVIEWS: join(folder, 'reviews'), ...environment }, folder),
    { abandoned: 'go on' },
  )
  const faults: unknown[] = []
  const context: ApiContext = {
    deployment: app.deployment,
    access: app.access,
    isStopping: () => false,
    report: (thrown) => void faults.push(thrown),
    telemetry: app.telemetry,
    ...given,
  }
  const api = createApi(context)
  const send: Send = async (method, path, { json, headers = {} } = {}) =>
    api.request(`http://127.0.0.1:4320/api/v1${path}`, {
      method,
      headers: { ...(json !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    })
  const token = async (user: string, scope: Scope) =>
    (await createToken(context.access, localCaller, { name: 'test', user, scope })).token
  return {
    app,
    api,
    home,
    context,
    faults,
    send,
    token,
    async as(user, scope) {
      const authorization = { Authorization: `Bearer ${await token(user, scope)}` }
      return (method, path, options = {}) =>
        send(method, path, { ...options, headers: { ...authorization, ...options.headers } })
    },
    async [Symbol.asyncDispose]() {
      await app.stopWorkers(0)
      await app.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
