/** A process for `memory.test.ts`: opens the folder it is given, works a little, and tells its peak of memory in MiB. */
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { openPgliteDatabase } from './open.ts'

const database = await openPgliteDatabase(process.argv[2]!)
for (let round = 0; round < 300; round++)
  await database.pool.query(
    'select count(*) filter (where n % 7 = $1) as seventh from generate_series(1, 1000) as n',
    [round % 7],
  )
// A compiler that has been started works in the background.
await wait(300)
await database.close()
const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))![1]
process.send!(Math.round(Number(kilobytes) / 1024))
process.disconnect()
