import { connect } from 'node:net'
import type { Config } from '../config.ts'
import { messageOf } from '../errors.ts'
import { liveSources } from '../sources/catalogue.ts'
import { usualSources } from './sources.ts'

/** How a live source stands: whether a review searches it by itself, and whether it answers. */
export interface SourceState {
  readonly title: string
  readonly usual: boolean
  /** Why it cannot be reached; absent when it can. */
  readonly failure?: string
  /** What a key or an address would change, where it is not set. */
  readonly advice?: string
}

/** How long a source may take to accept a connection, in milliseconds. */
const patience = 4_000

/** Connects to every live source, and asks it nothing: a question would count against its limits. */
export function reachSources(config: Config): Promise<SourceState[]> {
  const usual = new Set(usualSources(config))
  return Promise.all(
    liveSources.map(async ({ name, title, address, key, withKey }) => {
      const failure = await reach(new URL(config.endpoints?.[name] ?? address))
      const hasKey = key === undefined ? config.email !== undefined : config[key] !== undefined
      return {
        title,
        usual: usual.has(name),
        ...(failure === undefined ? {} : { failure }),
        ...(hasKey || withKey === undefined ? {} : { advice: withKey }),
      }
    }),
  )
}

function reach({ hostname, port, protocol }: URL): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port) || (protocol === 'https:' ? 443 : 80),
      timeout: patience,
    })
    const end = (failure?: string) => {
      socket.destroy()
      resolve(failure)
    }
    socket.once('connect', () => end())
    socket.once('timeout', () => end(`no answer in ${patience / 1000} s`))
    socket.once('error', (error) => end(messageOf(error)))
  })
}
