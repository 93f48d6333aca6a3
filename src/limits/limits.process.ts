/** A process for `contention.test.ts`: asks a server as often as it is told to, whenever the deployment's limits allow. */
import { openDatabase } from '../store/database.ts'
import { createLimits } from './database-limits.ts'
import type { TurnRequest } from './limits.ts'

interface Task {
  readonly databaseUrl: string
  readonly serverUrl: string
  readonly service: TurnRequest['service']
  readonly margin: number
  readonly requests: number
}

process.once('message', async (task: Task) => {
  const database = await openDatabase({ kind: 'postgres', url: task.databaseUrl })
  const limits = createLimits(database.sql, { margin: task.margin })
  await Promise.all(
    Array.from({ length: task.requests }, async () => {
      const turn = await limits.take({ service: task.service })
      await (await fetch(task.serverUrl)).text()
      await turn.release()
    }),
  )
  await database.close()
  process.disconnect()
})
