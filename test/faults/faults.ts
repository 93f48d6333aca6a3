/**
 * Does to a deployment what happens to deployments, while reviews are at work, and checks after each fault that every accepted review
 * ended in a report or an honest failure, that nothing was stored or paid for twice, and that events have no gap.
 *
 *   node test/faults/faults.ts [FAULT…] [--times 1] [--seed 1]
 *
 * Without names, all faults. It starts servers of Redis and PostgreSQL of its own, and ends with 1 when anything was wrong.
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { randomFrom } from './kills.ts'
import { databaseFaults } from './scenarios/database.ts'
import { processFaults } from './scenarios/processes.ts'
import { redisFaults } from './scenarios/redis.ts'
import { regionFaults } from './scenarios/regions.ts'
import { releaseFaults } from './scenarios/release.ts'
import type { Fault } from './scenarios/scenario.ts'

const faults: Record<string, Fault> = {
  ...processFaults,
  ...redisFaults,
  ...databaseFaults,
  ...releaseFaults,
  ...regionFaults,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { times: { type: 'string', default: '1' }, seed: { type: 'string', default: '1' } },
})
const unknown = positionals.find((name) => faults[name] === undefined)
if (unknown !== undefined) {
  console.error(`There is no fault “${unknown}”. Known are: ${Object.keys(faults).join(', ')}.`)
  process.exit(64)
}
let failed = 0
for (const name of positionals.length > 0 ? positionals : Object.keys(faults)) {
  for (let time = 1; time <= Number(values.times); time += 1) {
    const startedAt = performance.now()
    const outcome = await faults[name]!(randomFrom(Number(values.seed) * 1_000 + time))
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0)
    console.log(
      `${name}, ${time} of ${values.times}: ${outcome.wrong.length} wrong, ${seconds} s; ${outcome.told}`,
    )
    if (outcome.wrong.length > 0) failed += 1
  }
}
console.log(`${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
