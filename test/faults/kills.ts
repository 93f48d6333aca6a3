/**
 * Kills a review with SIGKILL at random moments, resumes it each time, and checks that nothing shows of it in the end:
 *
 * - every file of the report but the manifest is byte for byte that of an undisturbed run;
 * - every table of results holds the same rows;
 * - a task that had finished before a kill was never started again.
 *
 *   node test/faults/kills.ts FOLDER [--kills 20] [--seed 1] [--question "…"]
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { outputFiles } from '../../src/publish/outputs.ts'
import { openDatabase } from '../../src/store/database.ts'
import { taskStates } from '../../src/store/tasks.ts'

const main = resolve(import.meta.dirname, '../../src/cli/main.ts')

/** A review under test: its data folder and where its report goes. */
interface Review {
  home: string
  out: string
}

/** How a process of Sheaf ended, with what it wrote. */
interface Ended {
  code: number | null
  output: string
}

function start(review: Review, words: readonly string[]): { process: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [main, ...words], {
    env: { ...process.env, SHEAF_HOME: review.home },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  return { process: child, ended: new Promise((done) => child.on('close', (code) => done({ code, output }))) }
}

/** Runs one review to its end, undisturbed, and returns the milliseconds it took. */
export async function undisturbed(review: Review, words: readonly string[]): Promise<number> {
  const startedAt = performance.now()
  const { code, output } = await start(review, ['research', ...words, '--out', review.out, '--json']).ended
  if (code !== 0) throw new Error(`The undisturbed run ended with ${code}:\n${output}`)
  return performance.now() - startedAt
}

/** What the store holds of a review, table by table, and the ledger of its tasks. */
async function storedOf(home: string) {
  const database = await openDatabase({ kind: 'pglite', folder: join(home, 'database') })
  try {
    const [session] = await database.sql.selectFrom('sessions').select('id').execute()
    if (!session) return undefined
    const results: Record<string, unknown> = {}
    for (const table of resultTables)
      results[table] = await database.sql.selectFrom(table).select(['id', 'value']).orderBy('id').execute()
    const tasks = await taskStates(database.sql, session.id)
    const open = database.sql.selectFrom('model_calls').select('id').where('outcome', '=', 'asking')
    return { session: session.id, results, tasks, asking: (await open.execute()).map(({ id }) => id) }
  } finally {
    await database.close()
  }
}

const resultTables = [
  'source_items',
  'records',
  'papers',
  'decisions',
  'spans',
  'rejected_quotations',
  'cards',
  'themes',
  'claims',
  'audits',
  'relations',
  'gaps',
  'matrices',
] as const

/**
 * Kills a review up to `kills` times, resuming after each. Returns how often it was killed, how many calls of models were under
 * way then, by the ledger, and what is wrong.
 */
export async function disturbed(
  review: Review,
  words: readonly string[],
  { kills, random, span }: { kills: number; random: () => number; span: number },
): Promise<{ killed: number; underWay: number; faults: string[] }> {
  const faults: string[] = []
  const underWay = new Set<string>()
  let killed = 0
  let finishedBefore = new Map<string, number>()
  for (;;) {
    const stored = killed === 0 ? undefined : await storedOf(review.home)
    for (const call of stored?.asking ?? []) underWay.add(call)
    for (const [key, starts] of finishedBefore)
      if (stored && stored.tasks.get(key)?.started !== starts)
        faults.push(`${key} was finished and started again`)
    finishedBefore = new Map(
      [...(stored?.tasks ?? [])].filter(([, task]) => task.ended).map(([key, task]) => [key, task.started]),
    )
    const { process: child, ended } = start(
      review,
      stored
        ? ['research', '--resume', stored.session, '--json']
        : ['research', ...words, '--out', review.out, '--json'],
    )
    const kill = killed < kills
    if (kill) await Promise.race([sleep(random() * span), ended])
    const wasRunning = child.exitCode === null
    if (kill && wasRunning) child.kill('SIGKILL')
    const { code, output } = await ended
    if (kill && wasRunning && code === null) {
      killed += 1
      continue
    }
    if (code !== 0) faults.push(`ended with ${code}:\n${output.slice(-2000)}`)
    return { killed, underWay: underWay.size, faults }
  }
}

/** What differs between the outcome of two reviews: files by their bytes, tables by their rows. */
export async function differences(one: Review, other: Review): Promise<string[]> {
  const files = outputFiles.filter(
    (file) => !readFileSync(join(one.out, file)).equals(readFileSync(join(other.out, file))),
  )
  const [first, second] = [await storedOf(one.home), await storedOf(other.home)]
  const tables = resultTables.filter(
    (table) => JSON.stringify(first?.results[table]) !== JSON.stringify(second?.results[table]),
  )
  return [...files.map((file) => `${file} differs`), ...tables.map((table) => `table ${table} differs`)]
}

/** Mulberry32 (Tommy Ettinger, public domain): random numbers in [0, 1) that a seed repeats. */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

async function runAll(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      kills: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      question: { type: 'string', default: 'How are methods evaluated, and what limits them?' },
    },
  })
  const library = positionals[0]
  if (library === undefined) throw new Error('Name a folder of papers.')
  const words = [values.question, '--library', library]
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-kills-'))
  const reviewNamed = (name: string): Review => ({
    home: join(folder, name),
    out: join(folder, `${name}-report`),
  })
  const calm = reviewNamed('calm')
  const span = await undisturbed(calm, words)
  console.log(`undisturbed: ${(span / 1000).toFixed(1)} s`)
  const random = randomFrom(Number(values.seed))
  let killed = 0
  let faults = 0
  for (let round = 1; killed < Number(values.kills); round++) {
    const review = reviewNamed(`round-${round}`)
    const outcome = await disturbed(review, words, { kills: Number(values.kills) - killed, random, span })
    const wrong = [...outcome.faults, ...(await differences(calm, review))]
    killed += outcome.killed
    faults += wrong.length
    console.log(`review ${round}: killed ${outcome.killed} times and resumed; ${wrong.length} faults`)
    for (const fault of wrong) console.log(`  ${fault}`)
  }
  console.log(`${killed} kills, ${faults} faults`)
  rmSync(folder, { recursive: true })
  process.exitCode = faults === 0 ? 0 : 1
}

if (import.meta.main) await runAll()
