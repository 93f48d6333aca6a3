import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { dashboard, lines, number } from './panels.ts'
import { gauge, observed, quantile, rate } from './queries.ts'

/** Reviews, their phases, and the queues that do the work. */
export const overview = dashboard('sheaf-overview', 'Sheaf: reviews and queues')
  .withRow(new RowBuilder('Now'))
  .withPanel(number('Active reviews', 'short', gauge('sessionsActive')))
  .withPanel(number('Oldest active review', 's', gauge('oldestActiveSession')))
  .withPanel(number('Worker processes', 'short', gauge('workerProcesses')))
  .withPanel(number('Reviews for each worker', 'short', 'sheaf:sessions_per_worker'))
  .withPanel(
    number(
      'Jobs that wait',
      'short',
      `sum(${gauge('queueJobs', { where: { state: 'waiting' }, by: ['queue'] })})`,
    ),
  )
  .withPanel(number('Store ready', 'short', gauge('storeReady')))
  .withRow(new RowBuilder('Reviews'))
  .withPanel(
    lines('Work of a review', 's', {
      median: quantile(0.5, 'pipelineDuration', { where: { phase: 'total' } }),
      '95 of 100': quantile(0.95, 'pipelineDuration', { where: { phase: 'total' } }),
    }),
  )
  .withPanel(
    lines('Work of each phase, median', 's', {
      '{{phase}}': quantile(0.5, 'pipelineDuration', { where: { phase: '!total' }, by: ['phase'] }),
    }),
  )
  .withPanel(lines('Active reviews', 'short', { active: gauge('sessionsActive') }))
  .withPanel(
    lines('Reviews that end', 'ops', { ended: observed('pipelineDuration', { where: { phase: 'total' } }) }),
  )
  .withRow(new RowBuilder('Queues'))
  .withPanel(
    lines('Jobs that wait', 'short', {
      '{{queue}}': gauge('queueJobs', { where: { state: 'waiting' }, by: ['queue'] }),
    }),
  )
  .withPanel(
    lines('Jobs at work or put off', 'short', {
      '{{queue}}, {{state}}': gauge('queueJobs', {
        where: { state: '~active|delayed' },
        by: ['queue', 'state'],
      }),
    }),
  )
  .withPanel(
    lines('Runs of jobs', 'ops', { '{{queue}}, {{outcome}}': rate('jobs', { by: ['queue', 'outcome'] }) }),
  )
  .withPanel(
    lines('Time of a run, 95 of 100', 's', { '{{queue}}': quantile(0.95, 'jobDuration', { by: ['queue'] }) }),
  )
