import { execFileSync, spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { metricsTable } from '../../scripts/dashboards/metrics-table.ts'
import { renderedDashboards } from '../../scripts/dashboards/rendered.ts'
import { type MetricDefinition, metrics } from '../../src/telemetry/metrics.ts'
import { describeService } from '../support/services.ts'

const root = resolve(import.meta.dirname, '../..')
const monitoring = join(root, 'deploy/monitoring')
const textOf = (path: string) => readFileSync(join(root, path), 'utf8')
const rules = textOf('deploy/monitoring/rules.yaml')
const definitions = Object.values<MetricDefinition>(metrics)

/** The series of a metric, by name, with the labels that they have. */
const series = new Map(
  definitions.flatMap(({ name, type, labels }) =>
    type === 'histogram'
      ? [
          [`${name}_bucket`, [...labels, 'le']],
          [`${name}_sum`, labels],
          [`${name}_count`, labels],
        ]
      : [[name, labels]],
  ) as [string, readonly string[]][],
)
const recorded = new Set([...rules.matchAll(/- record: (\S+)/g)].map(([, name]) => name!))

/** What is wrong with the names and labels of expressions; nothing where all is well. */
function faultsOf(expression: string): string[] {
  const used = [...expression.matchAll(/\b(research_\w+)(?:\{([^}]*)\})?/g)]
  const labels = new Set(['instance'])
  const faults = used.flatMap(([, name = '', selector = '']) => {
    const known = series.get(name)
    for (const label of known ?? []) labels.add(label)
    if (!known) return [`there is no ${name}`]
    const selected = [...selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => label!)
    return selected
      .filter((label) => !known.includes(label) && label !== 'instance')
      .map((label) => `${name} has no ${label}`)
  })
  for (const [name] of expression.matchAll(/\bsheaf:\w+(?::\w+)?/g))
    if (!recorded.has(name)) faults.push(`nothing is recorded as ${name}`)
  for (const [, list = ''] of expression.matchAll(/\b(?:by|on) ?\(([^)]*)\)/g))
    for (const label of list.split(',').map((one) => one.trim()))
      if (used.length > 0 && !labels.has(label)) faults.push(`none of ${expression} has ${label}`)
  return faults
}

test('rules name metrics and labels that are defined, and record under names of their own', () => {
  const expressions = rules.split(/^ +- (?=alert|record)/m).slice(1)
  expect(expressions.length).toBeGreaterThan(20)
  expect(expressions.flatMap(faultsOf)).toEqual([])
  for (const name of recorded) expect(name).toMatch(/^sheaf:/)
  expect(
    faultsOf('sum by (domain) (rate(research_jobs_total{service="x"}[5m])) + research_x + sheaf:y'),
  ).toHaveLength(4)
})

test('series of the rules’ tests are defined, too', () => {
  const named = [...textOf('deploy/monitoring/rules.test.yaml').matchAll(/series: '([^']+)'/g)]
  expect(named.flatMap(([, text]) => faultsOf(text!.replace(/^up$/, '')))).toEqual([])
})

test('gauges of the deployment are taken by max or min, and counters summed', () => {
  for (const { name, type, together } of definitions) {
    const before = [
      ...rules.matchAll(new RegExp(`(\\w+)(?: by \\([^)]*\\))? ?\\((?:increase\\(|rate\\()?${name}`, 'g')),
    ]
    const how = type === 'gauge' ? together : 'sum'
    for (const [, word] of before) expect(word, name).toBe(how)
  }
})

test('each alert has a heading in the runbook, which it names, and each heading an alert', () => {
  const alerts = [...rules.matchAll(/- alert: (\w+)[\s\S]*?runbook_url: (\S+)/g)].map(([, name, url]) => ({
    name,
    url,
  }))
  const headings = [...textOf('docs/runbook.md').matchAll(/^## (\w+)$/gm)].map(([, name]) => name)
  expect(alerts.map(({ name }) => name).sort()).toEqual(headings.sort())
  for (const { name, url } of alerts) expect(url).toBe(`docs/runbook.md#${name!.toLowerCase()}`)
  const entries = textOf('docs/runbook.md').split(/^## /m).slice(1)
  for (const entry of entries)
    for (const part of ['**Means:**', '**By itself:**', '**Do:**']) expect(entry).toContain(part)
})

test('each alert is tried', () => {
  const tests = textOf('deploy/monitoring/rules.test.yaml')
  for (const [, name] of rules.matchAll(/- alert: (\w+)/g))
    expect(tests).toContain(`alertname="${name}",alertstate="firing"`)
})

test('dashboards are as `npm run dashboards` writes them', () => {
  const files = globSync('*.json', { cwd: join(monitoring, 'dashboards') }).sort()
  const rendered = renderedDashboards()
  expect(files).toEqual([...rendered.keys()].sort())
  for (const [name, text] of rendered) expect(textOf(`deploy/monitoring/dashboards/${name}`)).toBe(text)
})

test('dashboards name what is defined, and show every metric', () => {
  const expressions = [...renderedDashboards().values()].flatMap((text) => expressionsIn(JSON.parse(text)))
  expect(expressions.length).toBeGreaterThan(25)
  expect(expressions.flatMap(faultsOf)).toEqual([])
  // Hits are shown as a share, by what is recorded of them.
  const shown = `${expressions.join('\n')}\n${metrics.cacheHits.name}`
  for (const { name } of definitions) expect(shown).toContain(name)
})

function expressionsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'expr' && typeof inner === 'string' ? [inner] : expressionsIn(inner),
  )
}

test('the table of metrics is made from the definitions', () => {
  expect(textOf('docs/observability.md')).toContain(metricsTable())
})

const promtool = spawnSync('promtool', ['--version']).status === 0 ? 'promtool' : undefined
describeService(promtool, 'promtool', () => {
  test('takes the rules, and each alert fires where it must and not where it must not', () => {
    for (const words of [
      ['check', 'rules', 'rules.yaml'],
      ['test', 'rules', 'rules.test.yaml'],
    ])
      expect(execFileSync('promtool', words, { cwd: monitoring, encoding: 'utf8' })).toContain('SUCCESS')
  })
})
