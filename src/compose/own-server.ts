import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Config, databaseFolder } from '../config.ts'
import { isHeld, noteServer, type ServerNote, serverOf } from '../store/pglite/lock.ts'

/** What a server says of itself to commands that are given on its data folder. */
export interface OwnServer {
  /**
   * Whether a bearer token is the secret that this server keeps in its data folder: whoever may read that folder could as
   * well open it, and is {@link localCaller}. Compared in constant time.
   */
  accepts(token: string): boolean
  /** Lets commands know where the server is reached on this machine. Only while it holds the data folder. */
  announce(url: string): void
  /** From now on commands are told that the folder is in use. */
  withdraw(): void
}

/** A folder of an embedded database belongs to one process; several share a Postgres server, and none need be asked. */
type Place = Pick<Config, 'home' | 'databaseUrl'>

/** Makes one, with a secret that was never used before. */
export function createOwnServer({ home, databaseUrl }: Place): OwnServer {
  const secret = randomBytes(32).toString('base64url')
  const note = (server: ServerNote | undefined) => {
    if (databaseUrl === undefined) noteServer(databaseFolder(home), server)
  }
  return {
    accepts: (token) => timingSafeEqual(digest(token), digest(secret)),
    announce: (url) => note({ url, secret }),
    withdraw: () => note(undefined),
  }
}

/** A server that has said that it holds the data folder. If it was killed since, {@link isDataFolderHeld} says so. */
export function notedServer({ home, databaseUrl }: Place): (ServerNote & { pid: number }) | undefined {
  return databaseUrl === undefined ? serverOf(databaseFolder(home)) : undefined
}

/** Whether a process holds the data folder; ask only when one that noted itself there still answers. */
export function isDataFolderHeld({ home }: Place): boolean {
  return isHeld(databaseFolder(home))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
