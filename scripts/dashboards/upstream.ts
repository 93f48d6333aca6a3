import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { dashboard, lines } from './panels.ts'
import { gauge, quantile, rate } from './queries.ts'

/** Who is asked outside: services of papers, hosts of full texts, language models; and what need not be asked again. */
export const upstream = dashboard('sheaf-upstream', 'Sheaf: services and models')
  .withRow(new RowBuilder('Language models'))
  .withPanel(
    lines('Calls', 'ops', {
      '{{provider}}, {{outcome}}': rate('modelCalls', { by: ['provider', 'outcome'] }),
    }),
  )
  .withPanel(
    lines('Calls without a usable answer', 'percentunit', {
      '{{provider}}': 'sheaf:llm_error_ratio:rate10m',
    }),
  )
  .withPanel(
    lines('Tokens', 'ops', {
      '{{provider}}, {{direction}}': rate('modelTokens', { by: ['provider', 'direction'] }),
    }),
  )
  .withPanel(
    lines('US dollars an hour', 'currencyUSD', {
      '{{provider}}': `3600 * ${rate('modelCost', { by: ['provider'] })}`,
    }),
  )
  .withRow(new RowBuilder('Limits and circuits'))
  .withPanel(
    lines('Wait for a turn, 95 of 100', 's', {
      '{{service}}': quantile(0.95, 'limiterWait', { by: ['service'] }),
    }),
  )
  .withPanel(
    lines('Circuits: 0 asked, 1 after others, 2 left alone', 'short', {
      '{{provider}}': gauge('circuitState', { by: ['provider'] }),
    }),
  )
  .withRow(new RowBuilder('Full texts and what is kept'))
  .withPanel(
    lines('Full texts that hosts did not give', 'ops', {
      '{{domain}}': rate('downloadErrors', { by: ['domain'] }),
    }),
  )
  .withPanel(
    lines('Look-ups that found something', 'percentunit', {
      '{{cache_type}}': 'sheaf:cache_hit_ratio:rate30m',
    }),
  )
  .withPanel(lines('Look-ups', 'ops', { '{{cache_type}}': rate('cacheLookups', { by: ['cache_type'] }) }))
  .withPanel(
    lines('The same share since each process started', 'percentunit', {
      '{{cache_type}}': gauge('cacheHitRate', { by: ['cache_type'] }),
    }),
  )
