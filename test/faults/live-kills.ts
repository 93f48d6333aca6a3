/**
 * Kills reviews by a model with SIGKILL at random moments, resumes them each time, and checks in the end that
 *
 * - no call of a model was made twice but those that were under way at a kill: asked, and their answer not yet stored;
 * - every file of the report but the manifest is byte for byte that of an undisturbed run;
 * - a task that had finished before a kill was never started again, and every table of results holds the same rows;
 * - no server counted an offence.
 *
 *   node test/faults/live-kills.ts [--kills 20] [--seed 1] [--port 24700]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { type Laboratory, laboratoryQuestion, startLaboratory } from '../support/laboratory.ts'
import { differences, disturbed, randomFrom, undisturbed } from './kills.ts'

const words = [laboratoryQuestion, '--max-records', '20', '--max-papers', '8']

/** Calls that reached their end at the servers, those of them that nobody waited for any more, and those answered again. */
interface Paid {
  calls: number
  abandoned: number
  twice: number
}

function paidAt({ models }: Laboratory): Paid {
  const { byTask, byOutcome, paidTwice } = models.calls()
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((one, other) => one + other, 0)
  return { calls: sum(byTask), abandoned: byOutcome['openai abandoned'] ?? 0, twice: paidTwice }
}

/** Models that take a while, so that kills strike while they are asked; without mistakes of their own, which draw anew. */
function start(port: number): Promise<Laboratory> {
  return startLaboratory({
    // The same addresses each time, since reports name them.
    scholarly: { port },
    models: { latency: { firstToken: 500, perToken: 1, spread: 0.3 }, faults: { wrong: 0 } },
  })
}

/** What the command line asks for. */
interface Trial {
  kills: number
  seed: number
  port: number
}

async function run({ kills, seed, port }: Trial, folder: string): Promise<string[]> {
  const random = randomFrom(seed)
  const reviewNamed = (name: string) => ({ home: join(folder, name), out: join(folder, `${name}-report`) })
  const calm = reviewNamed('calm')
  let expected: Paid
  let span: number
  {
    await using lab = await start(port)
    Object.assign(process.env, lab.withModels('openai'))
    span = await undisturbed(calm, words)
    expected = paidAt(lab)
    console.log(`undisturbed: ${(span / 1000).toFixed(1)} s, ${expected.calls} calls`)
  }
  const faults: string[] = []
  let killed = 0
  for (let round = 1; killed < kills; round++) {
    await using lab = await start(port)
    Object.assign(process.env, lab.withModels('openai'))
    const review = reviewNamed(`round-${round}`)
    // More would find each process in its first second, and a task that is stopped three times is given up.
    const outcome = await disturbed(review, words, { kills: Math.min(2, kills - killed), random, span })
    const paid = paidAt(lab)
    const wrong = [...outcome.faults, ...(await differences(calm, review)), ...lab.offences()]
    // A server has answered when it has sent its answer, which may die with the process that was to read it.
    const { underWay } = outcome
    if (paid.twice + paid.abandoned > underWay)
      wrong.push(
        `${paid.twice} calls were paid twice and ${paid.abandoned} abandoned, ${underWay} under way at a kill`,
      )
    const repeated = paid.calls - expected.calls
    if (repeated > underWay) wrong.push(`${repeated} calls more, ${underWay} under way at a kill`)
    killed += outcome.killed
    faults.push(...wrong)
    console.log(
      `review ${round}: killed ${outcome.killed} times; ${paid.calls} calls, ${underWay} under way at a kill (${paid.abandoned} abandoned, ${paid.twice} answered again); ${wrong.length} faults`,
    )
    for (const fault of wrong) console.log(`  ${fault}`)
  }
  console.log(`${killed} kills, ${faults.length} faults`)
  return faults
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      port: { type: 'string', default: '24700' },
    },
  })
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-live-kills-'))
  const trial = { kills: Number(values.kills), seed: Number(values.seed), port: Number(values.port) }
  const faults = await run(trial, folder)
  rmSync(folder, { recursive: true })
  process.exitCode = faults.length === 0 ? 0 : 1
}
