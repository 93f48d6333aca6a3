import process from 'node:process'
import { type Config, loadConfig } from '../../config.ts'
import { remoteReviews } from './remote.ts'
import type { Reviews } from './reviews.ts'
import { findServer } from './server.ts'

/**
 * Opens the reviews of the data folder, through the server that holds it or itself, runs `use`, and leaves nothing running,
 * whatever happens.
 * @throws {SheafError} `locked` when a process that is no server holds the folder; `store_unavailable` when the server that
 * does gives no answer, or the store cannot be used.
 */
export async function withReviews<Result>(
  use: (reviews: Reviews, config: Config) => Promise<Result>,
): Promise<Result> {
  const config = loadConfig(process.env, process.cwd())
  const reviews = await openReviews(config)
  try {
    return await use(reviews, config)
  } finally {
    await reviews.close()
  }
}

async function openReviews(config: Config): Promise<Reviews> {
  const server = await findServer(config)
  if (server) return remoteReviews(server, () => findServer(config))
  // What does the work is loaded only where it is needed: a command at a server starts in a fraction of the time.
  const [{ openApp }, { localReviews }] = await Promise.all([
    import('../../compose.ts'),
    import('./local.ts'),
  ])
  return localReviews(await openApp(config))
}
