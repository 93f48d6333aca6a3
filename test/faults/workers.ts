/**
 * Reviews 100 papers of arXiv and OpenAlex with a model, on Postgres, in several processes at once (the command and
 * workers), against servers that take their time; then the same with a share of all their answers failing. Checks that
 *
 * - no server counted an offence, and no call of a model was paid twice;
 * - nothing is lost: every record found is in a paper, every core paper was read or has a reason, the sums hold;
 * - what failed for good stands in the report, and the report holds.
 *
 *   node test/faults/workers.ts [--processes 4] [--faults 0.1] [--papers 100] [--seed 1]
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { type Report, reportSchema } from '../../src/contract/report.ts'
import { databaseKinds } from '../support/databases.ts'
import { type Laboratory, laboratoryQuestion, startLaboratory } from '../support/laboratory.ts'

const root = resolve(import.meta.dirname, '../..')

/** How one review is tried. */
interface Trial {
  processes: number
  papers: number
  seed: number
  /** Share of answers that fail, of services, hosts and models alike. */
  faults: number
}

/** A deployment's environment, and what goes with it. */
interface Deployed extends AsyncDisposable {
  environment: NodeJS.ProcessEnv
  folder: string
}

async function deploy(lab: Laboratory): Promise<Deployed> {
  const [, postgres] = await databaseKinds()
  if (postgres?.service === undefined) throw new Error('There is no PostgreSQL server here.')
  const database = await postgres.create()
  if (database.config.kind !== 'postgres') throw new Error('A database of another kind was made.')
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-workers-'))
  const { REDIS_URL: _, ...inherited } = process.env
  const own = {
    SHEAF_HOME: join(folder, 'home'),
    DATABASE_URL: database.config.url,
    SHEAF_READER_THREADS: '1',
  }
  return {
    environment: { ...inherited, ...lab.withModels('openai', 'anthropic'), ...own },
    folder,
    async [Symbol.asyncDispose]() {
      await database.remove()
      rmSync(folder, { recursive: true })
    },
  }
}

async function startWorker(env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(root, 'src/cli/main.ts'), 'worker'], {
    env,
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  // Its first words are that it works.
  await once(child.stderr!, 'data')
  child.stderr!.pipe(process.stderr)
  return child
}

async function command(
  env: NodeJS.ProcessEnv,
  ...words: string[]
): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [join(root, 'src/cli/main.ts'), ...words], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  const [code] = await once(child, 'close')
  return { code, output }
}

/** What of the records found is not accounted for in a report. */
function lostIn({ records, papers, decisions, prisma, cards }: Report): string[] {
  const merged = new Set(papers.flatMap((paper) => paper.records))
  const cardOf = new Set(cards.map(({ paperId }) => paperId))
  const core = new Set(decisions.filter(({ tier }) => tier === 'core').map(({ paperId }) => paperId))
  const found = prisma.identified.reduce((sum, one) => sum + one.records, 0)
  const sum = (counts: readonly { papers: number }[]) => counts.reduce((total, one) => total + one.papers, 0)
  const read = prisma.included + sum(prisma.notRead) + sum(prisma.notRetrieved)
  return [
    ...records.filter(({ key }) => !merged.has(key)).map(({ key }) => `${key} is in no paper`),
    ...papers
      .filter(({ id, failure }) => core.has(id) && !failure && !cardOf.has(id))
      .map(({ fields }) => `“${fields.title}” was neither read nor given up`),
    ...(found === records.length ? [] : [`${found} records are counted, ${records.length} are there`]),
    ...(read === prisma.sought ? [] : [`${prisma.sought} papers were sought, ${read} accounted for`]),
  ]
}

async function run({ processes, papers, seed, faults }: Trial): Promise<string[]> {
  await using lab = await startLaboratory({
    scholarly: { papers: 20_000, seed, latency: 'realistic', faults, politeHosts: 13 },
    models: {
      latency: { firstToken: 600, perToken: 4, spread: 0.4 },
      faults: { serverError: faults * 0.4, overloaded: faults * 0.3, malformed: faults * 0.3 },
    },
  })
  await using deployed = await deploy(lab)
  const { environment, folder } = deployed
  const workers = await Promise.all(Array.from({ length: processes - 1 }, () => startWorker(environment)))
  const out = join(folder, 'report')
  const startedAt = performance.now()
  const limits = ['--max-records', String(papers), '--max-papers', String(papers)]
  const { code, output } = await command(
    environment,
    ...['research', laboratoryQuestion, '--source', 'arxiv,openalex', '--out', out, '--json', ...limits],
  )
  const seconds = (performance.now() - startedAt) / 1_000
  for (const worker of workers) worker.kill('SIGTERM')
  await Promise.all(workers.map((worker) => worker.exitCode ?? once(worker, 'close')))
  if (code !== 0) return [`It ended with ${code}:\n${output.slice(-2_000)}`]

  const report = reportSchema.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')))
  const verified = await command(environment, 'verify', out)
  const { byOutcome, paidTwice, tokens } = lab.models.calls()
  console.log(`${processes} processes, ${faults * 100} % failing: ${seconds.toFixed(1)} s`)
  console.log(JSON.stringify({ prisma: report.prisma, requests: lab.scholarly.requests() }))
  console.log(JSON.stringify({ calls: byOutcome, tokens, paidTwice, offences: lab.offences().length }))
  for (const { phase, item, message } of report.failures)
    console.log(`  failed: ${phase}, ${item}: ${message}`)
  for (const line of report.reviewLimitations) console.log(`  says: ${line}`)
  return [
    ...lab.offences(),
    ...lostIn(report),
    ...(paidTwice > 0 ? [`${paidTwice} calls were paid twice`] : []),
    ...(verified.code === 0 ? [] : [verified.output]),
  ]
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      processes: { type: 'string', default: '4' },
      papers: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      faults: { type: 'string', default: '0.1' },
    },
  })
  const shared = {
    processes: Number(values.processes),
    papers: Number(values.papers),
    seed: Number(values.seed),
  }
  let wrong = 0
  for (const faults of [0, Number(values.faults)]) {
    const found = await run({ ...shared, faults })
    for (const fault of found) console.log(`  wrong: ${fault}`)
    wrong += found.length
  }
  console.log(`${wrong} faults`)
  process.exitCode = wrong === 0 ? 0 : 1
}
