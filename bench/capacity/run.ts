/**
 * Measures how far each size of Sheaf goes on this machine, against simulated services and models that answer as slowly as real ones.
 *
 *   npm run bench:capacity -- [SCENARIO…] [--reviews N] [--papers 20] [--workers 2] [--folder PAPERS]
 *
 * Writes docs/capacity/results.json, in which a scenario's latest run takes the place of the one before, tables as
 * docs/capacity/results.md, and charts beside it. Ends with 1 when a figure misses its bound.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { type Figure, isReached, lineOf } from '../performance/figure.ts'
import { type Bar, barChart, lineChart, type Point } from './chart.ts'
import { type CapacityScenario, cluster, curve, laptop, oneReview, sequential } from './scenarios.ts'
import { sharedRows } from './shared-rows.ts'

/** `reviews`: how many where nothing else is said; those without it make none. */
const scenarios: Record<string, { run: CapacityScenario; reviews?: number }> = {
  'one-review': { run: oneReview, reviews: 1 },
  sequential: { run: sequential, reviews: 2 },
  laptop: { run: laptop, reviews: 50 },
  cluster: { run: cluster, reviews: 500 },
  curve: { run: curve, reviews: 24 },
  ...Object.fromEntries(Object.entries(sharedRows).map(([name, run]) => [name, { run }])),
}

interface Result {
  scenario: string
  command: string
  loadBefore: number
  machine: string
  date: string
  figures: Figure[]
  points?: Point[] | undefined
  shares?: { readonly title: string; readonly bars: Bar[] } | undefined
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    reviews: { type: 'string' },
    papers: { type: 'string', default: '20' },
    workers: { type: 'string', default: '2' },
    folder: { type: 'string' },
  },
})
const unknown = positionals.find((name) => scenarios[name] === undefined)
if (unknown !== undefined) {
  console.error(`There is no scenario “${unknown}”. Known are: ${Object.keys(scenarios).join(', ')}.`)
  process.exit(64)
}

const folder = join(import.meta.dirname, '../../docs/capacity')
const file = join(folder, 'results.json')
mkdirSync(folder, { recursive: true })
const results = new Map<string, Result>(
  existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Result[]).map((result) => [result.scenario, result])
    : [],
)
const machine = `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, Node ${process.version}`
let missed = 0
for (const scenario of positionals.length > 0 ? positionals : Object.keys(scenarios)) {
  const loadBefore = loadavg()[0]!
  console.log(`\n${scenario} (load before: ${loadBefore.toFixed(2)})`)
  const { run, reviews } = scenarios[scenario]!
  const options = {
    reviews: Number(values.reviews ?? reviews),
    papers: Number(values.papers),
    workers: Number(values.workers),
    folder: values.folder,
  }
  const { figures, points, shares } = await run(options)
  for (const figure of figures) console.log(lineOf(figure))
  missed += figures.filter((figure) => !isReached(figure)).length
  const read = scenario === 'reading' && options.folder !== undefined ? ' --folder PAPERS' : ''
  const words =
    reviews === undefined
      ? read
      : ` --reviews ${options.reviews} --papers ${options.papers} --workers ${options.workers}`
  const command = `npm run bench:capacity -- ${scenario}${words}`
  results.set(scenario, {
    scenario,
    command,
    loadBefore,
    machine,
    date: new Date().toISOString().slice(0, 10),
    figures,
    points,
    shares,
  })
  write()
}
console.log(`\n${missed} figures miss their bound`)
process.exit(missed === 0 ? 0 : 1)

function write(): void {
  writeFileSync(file, `${JSON.stringify([...results.values()], null, 2)}\n`)
  writeFileSync(join(folder, 'results.md'), `${[...results.values()].map(sectionOf).join('\n')}`)
  for (const { points, shares } of results.values()) {
    if (shares)
      writeFileSync(
        join(folder, 'time-by-phase.svg'),
        barChart(shares.bars, { title: shares.title, unit: '%' }),
      )
    for (const [series, own] of Map.groupBy(points ?? [], (point) => point.series)) {
      const x = series.replace(/^.*, by /, '')
      const name = `by-${x.replaceAll(' ', '-')}.svg`
      writeFileSync(join(folder, name), lineChart(own, { title: series, x, y: 'reviews a minute' }))
    }
  }
}

function sectionOf({ scenario, command, loadBefore, machine: on, date, figures }: Result): string {
  const rows = figures.map((figure) => {
    const { name, value, unit, atLeast, atMost } = figure
    const shown = `${Number.isInteger(value) ? value : value.toFixed(value < 10 ? 2 : 1)} ${unit}`.trim()
    const goal =
      atLeast !== undefined ? `at least ${atLeast}` : atMost !== undefined ? `at most ${atMost}` : ''
    return `| ${name} | ${shown} | ${goal}${goal && !isReached(figure) ? ': missed' : ''} |`
  })
  return `## ${scenario}\n\n\`${command}\`; ${date}; ${on}; load before: ${loadBefore.toFixed(2)}\n\n| figure | value | goal |\n| --- | --- | --- |\n${rows.join('\n')}\n`
}
