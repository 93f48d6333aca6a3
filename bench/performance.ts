/**
 * Measures Sheaf on simulated services and models: collecting, asking in parallel, repeating, keeping to limits, failing over;
 * and the service: streams of events, requests while reviews run.
 *
 *   npm run bench:performance -- [SCENARIO…] [--folder PAPERS] [--papers N] [--json FILE]
 *
 * Without names, all scenarios but `million` and `vectors` run, one after another, in about half an hour; `--papers` makes the first of
 * those smaller. Ends with 1 when a figure misses its bound.
 */
import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { answers } from './performance/answers.ts'
import { apiLatency } from './performance/api-latency.ts'
import { collection } from './performance/collection.ts'
import { failOver } from './performance/fail-over.ts'
import { fetching } from './performance/fetching.ts'
import { type Figure, isReached, lineOf, type Scenario } from './performance/figure.ts'
import { librarySearch } from './performance/library-search.ts'
import { million } from './performance/million/million.ts'
import { vectors } from './performance/million/vectors.ts'
import { parallel } from './performance/parallel.ts'
import { streams } from './performance/streams.ts'
import { tokens } from './performance/tokens.ts'
import { warm } from './performance/warm.ts'

const scenarios: Record<string, Scenario> = {
  collection,
  fetching,
  parallel,
  warm,
  tokens,
  'fail-over': failOver,
  answers,
  'library-search': librarySearch,
  million,
  vectors,
  streams,
  'api-latency': apiLatency,
}

/** Those that take as long as all the others are run by name. */
const usual = Object.keys(scenarios).filter((name) => name !== 'million' && name !== 'vectors')

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, folder: { type: 'string' }, papers: { type: 'string' } },
})
const unknown = positionals.filter((name) => scenarios[name] === undefined)
if (unknown.length > 0) {
  console.error(`There is no scenario “${unknown[0]}”. Known are: ${Object.keys(scenarios).join(', ')}.`)
  process.exit(64)
}
const machine = {
  processor: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  node: process.version,
  date: new Date().toISOString().slice(0, 10),
}
console.log(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}, ${machine.date}`)
const results: { scenario: string; loadBefore: number; figures: Figure[] }[] = []
for (const scenario of positionals.length > 0 ? positionals : usual) {
  const loadBefore = loadavg()[0]!
  console.log(`\n${scenario} (load before: ${loadBefore.toFixed(2)})`)
  const figures = await scenarios[scenario]!({
    folder: values.folder,
    ...(values.papers !== undefined && { papers: Number(values.papers) }),
  })
  for (const figure of figures) console.log(lineOf(figure))
  results.push({ scenario, loadBefore, figures })
}
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ machine, results }, null, 2)}\n`)
const missed = results.flatMap(({ figures }) => figures).filter((figure) => !isReached(figure))
console.log(`\n${missed.length} figures miss their bound`)
// Clients keep connections open for a while after the last call.
process.exit(missed.length === 0 ? 0 : 1)
