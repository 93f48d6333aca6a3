import process from 'node:process'
import { type App, openApp } from '../../compose.ts'
import { loadConfig } from '../../config.ts'

/** Opens what the configuration asks for, runs `use`, and leaves nothing running, whatever happens. */
export async function withApp<Result>(use: (app: App) => Promise<Result>): Promise<Result> {
  const app = await openApp(loadConfig(process.env, process.cwd()))
  try {
    return await use(app)
  } finally {
    await app.close()
  }
}
