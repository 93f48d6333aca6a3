// Writes deploy/monitoring/dashboards, and the table of docs/observability.md, from the definitions of metrics:
// npm run dashboards
import { readFileSync, writeFileSync } from 'node:fs'
import { metricsTable } from './dashboards/metrics-table.ts'
import { renderedDashboards } from './dashboards/rendered.ts'

for (const [name, text] of renderedDashboards())
  writeFileSync(new URL(`../deploy/monitoring/dashboards/${name}`, import.meta.url), text)

const page = new URL('../docs/observability.md', import.meta.url)
const before = readFileSync(page, 'utf8')
writeFileSync(
  page,
  before.replace(/^\| metric \|[\s\S]*?(?=\n\n)/m, () => metricsTable()),
)
