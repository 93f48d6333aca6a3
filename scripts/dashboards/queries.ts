import { type MetricKey, metrics } from '../../src/telemetry/metrics.ts'

type KeysOf<Type extends string> = {
  [Key in MetricKey]: (typeof metrics)[Key]['type'] extends Type ? Key : never
}[MetricKey]
type LabelOf<Key extends MetricKey> = (typeof metrics)[Key]['labels'][number]

/** Which series are taken, by label, and which labels are kept apart. */
interface Choice<Key extends MetricKey> {
  readonly where?: Partial<Record<LabelOf<Key>, string>>
  readonly by?: readonly LabelOf<Key>[]
}

/** What Grafana puts in for the stretch of a rate. */
const stretch = '[$__rate_interval]'

/** The deployment-wide value of a gauge, put together as its definition says. */
export function gauge<Key extends KeysOf<'gauge'>>(key: Key, choice: Choice<Key> = {}): string {
  const { name, together } = metrics[key]
  const how = together === 'average' ? 'avg' : together
  return `${how}${grouped(choice.by)} (${name}${selector(choice.where)})`
}

/** How much a counter grows a second, over all processes. */
export function rate<Key extends KeysOf<'counter'>>(key: Key, choice: Choice<Key> = {}): string {
  return `sum${grouped(choice.by)} (rate(${metrics[key].name}${selector(choice.where)}${stretch}))`
}

/** The value that a share of a histogram's observations stays below, over all processes. */
export function quantile<Key extends KeysOf<'histogram'>>(
  share: number,
  key: Key,
  { where, by = [] }: Choice<Key> = {},
): string {
  const series = `${metrics[key].name}_bucket${selector(where)}`
  return `histogram_quantile(${share}, sum${grouped(['le', ...by])} (rate(${series}${stretch})))`
}

/** How many observations of a histogram are made a second, over all processes. */
export function observed<Key extends KeysOf<'histogram'>>(key: Key, choice: Choice<Key> = {}): string {
  return `sum${grouped(choice.by)} (rate(${metrics[key].name}_count${selector(choice.where)}${stretch}))`
}

function grouped(labels: readonly string[] = []): string {
  return labels.length === 0 ? '' : ` by (${labels.join(', ')})`
}

/** A value that begins with `~` is a regular expression, one with `!` what is left out. */
function selector(where: Readonly<Record<string, string | undefined>> = {}): string {
  const operators: Readonly<Record<string, string>> = { '~': '=~', '!': '!=' }
  const parts = Object.entries(where).map(([label, value = '']) => {
    const operator = operators[value.slice(0, 1)]
    return operator === undefined ? `${label}="${value}"` : `${label}${operator}"${value.slice(1)}"`
  })
  return parts.length === 0 ? '' : `{${parts.join(',')}}`
}
