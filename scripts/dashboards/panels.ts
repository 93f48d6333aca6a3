import { ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common'
import { DashboardBuilder, DatasourceVariableBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as SeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries'

/** What a panel shows: expressions by their legend. */
export type Queries = Readonly<Record<string, string>>

const source = { type: 'prometheus', uid: '$source' }
/** A dashboard is 24 wide. */
const half = 12
const sixth = 4

/** An empty dashboard that asks for its Prometheus. */
export function dashboard(uid: string, title: string): DashboardBuilder {
  return new DashboardBuilder(title)
    .uid(uid)
    .tags(['sheaf', 'generated'])
    .refresh('30s')
    .time({ from: 'now-3h', to: 'now' })
    .timezone('browser')
    .withVariable(new DatasourceVariableBuilder('source').label('Prometheus').type('prometheus'))
}

/** One number, as it is now. */
export function number(title: string, unit: string, expression: string): StatBuilder {
  return new StatBuilder()
    .title(title)
    .unit(unit)
    .datasource(source)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .height(4)
    .span(sixth)
    .withTarget(new DataqueryBuilder().expr(expression).refId('A').instant())
}

/** Lines over time. */
export function lines(title: string, unit: string, queries: Queries): SeriesBuilder {
  const panel = new SeriesBuilder().title(title).unit(unit).datasource(source).min(0).height(8).span(half)
  for (const [index, [legend, expression]] of Object.entries(queries).entries())
    panel.withTarget(
      new DataqueryBuilder()
        .expr(expression)
        .legendFormat(legend)
        .refId(String.fromCharCode(65 + index)),
    )
  return panel
}
