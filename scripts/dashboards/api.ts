import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { dashboard, lines } from './panels.ts'
import { gauge, observed, quantile } from './queries.ts'

/** Requests, streams of events, and the processes that serve them. */
export const api = dashboard('sheaf-api', 'Sheaf: API')
  .withRow(new RowBuilder('Requests'))
  .withPanel(
    lines('Time to answer', 's', {
      median: quantile(0.5, 'requestDuration'),
      '95 of 100': quantile(0.95, 'requestDuration'),
      '99 of 100': quantile(0.99, 'requestDuration'),
    }),
  )
  .withPanel(
    lines('Time to answer by route, 95 of 100', 's', {
      '{{method}} {{route}}': quantile(0.95, 'requestDuration', { by: ['method', 'route'] }),
    }),
  )
  .withPanel(
    lines('Requests by status', 'reqps', { '{{status}}': observed('requestDuration', { by: ['status'] }) }),
  )
  .withPanel(lines('Requests that ended with a 5xx', 'percentunit', { all: 'sheaf:http_error_ratio:rate5m' }))
  .withRow(new RowBuilder('Events'))
  .withPanel(lines('Open streams', 'short', { streams: gauge('eventStreams') }))
  .withPanel(
    lines('From storing an event to giving it out', 's', {
      median: quantile(0.5, 'eventLag'),
      '95 of 100': quantile(0.95, 'eventLag'),
    }),
  )
