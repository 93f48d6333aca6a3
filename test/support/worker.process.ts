/** A process that works on whatever sessions the deployment has, until SIGTERM. It says “ready” when it has begun. */
import process from 'node:process'
import { openApp } from '../../src/compose.ts'
import { loadConfig } from '../../src/config.ts'

const app = await openApp(loadConfig(process.env, process.cwd()))
await app.startWorkers()
process.once('SIGTERM', async () => {
  await app.stopWorkers(5_000)
  await app.close()
})
process.stdout.write('ready\n')
