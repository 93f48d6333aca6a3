import { setTimeout as delay } from 'node:timers/promises'
import { Agent, fetch as undiciFetch } from 'undici'
import { request, type ServerAddress } from '../../client/client.ts'
import { isDataFolderHeld, notedServer } from '../../compose/own-server.ts'
import type { Config } from '../../config.ts'
import { SheafError } from '../../errors.ts'

/** Milliseconds for which a server's first answer is waited for: judging papers may keep it busy for some of them. */
const patience = 10_000
/** Milliseconds for which a server that has too much to do is asked again. */
const busyPatience = 20_000

/** The server that holds the data folder, as it can be asked. */
export interface HoldingServer {
  readonly address: ServerAddress
  /** Its process. */
  readonly pid: number
}

/** Requests to this machine go there, whatever proxy the environment names, and the secret with them. */
const direct = new Agent()
const fetchDirectly = (async (input: string | URL, init: { signal?: AbortSignal }) => {
  const since = Date.now()
  for (;;) {
    const answer = await undiciFetch(input, { ...init, dispatcher: direct, redirect: 'error' })
    // Turned away, not done: a command has time, as it would have had without a server.
    const seconds =
      answer.status === 503 ? Number(answer.headers.get('Retry-After') ?? Number.NaN) : Number.NaN
    if (!(Date.now() + seconds * 1000 < since + busyPatience)) return answer
    await answer.body?.cancel()
    await delay(seconds * 1000, undefined, init.signal && { signal: init.signal })
  }
}) as unknown as typeof fetch

/**
 * The server that holds the data folder and answers; undefined where there is none. Whoever else listens where a killed
 * server did is not told its secret.
 * @throws {SheafError} `store_unavailable` where the server that holds the folder does not answer
 */
export async function findServer(config: Config): Promise<HoldingServer | undefined> {
  const noted = notedServer(config)
  if (!noted) return undefined
  const { pid, url, secret } = noted
  const answer = await request({ url, fetch: fetchDirectly }, '/healthz', {
    signal: AbortSignal.timeout(patience),
  }).catch((thrown: unknown) => thrown)
  if (!isDataFolderHeld(config)) return undefined
  if (answer instanceof Error)
    throw new SheafError(
      'store_unavailable',
      `The data folder is in use by the Sheaf server at ${url} (process ${pid}), which does not answer.`,
      {
        advice: `Try again; if it stays so, stop process ${pid}: commands then work without it.`,
        cause: answer,
      },
    )
  return { pid, address: { url, token: secret, fetch: fetchDirectly } }
}

/** Closes connections that are kept open for further requests. */
export function hangUp(): Promise<void> {
  return direct.destroy()
}
