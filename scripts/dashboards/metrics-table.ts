import { type MetricDefinition, metrics } from '../../src/telemetry/metrics.ts'

/** The table of docs/observability.md, from the definitions. */
export function metricsTable(): string {
  const rows = Object.values<MetricDefinition>(metrics).map(
    ({ name, type, labels, help, together }) =>
      `| \`${name}\` | ${type}${together === undefined ? '' : `, ${together}`} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`,
  )
  return ['| metric | kind | labels | what it is |', '| --- | --- | --- | --- |', ...rows].join('\n')
}
