import { expect, test } from 'vitest'
import { describeEachStore } from '../../test/support/each-store.ts'
import type { ScreeningDecision } from '../contract/screening.ts'
import type { Queues } from '../queue/queues.ts'
import { decisionsOf, overrulesOf, storeDecisions } from '../store/screening.ts'
import { changeSession, getSession } from '../store/sessions.ts'
import { storeThemes, themesOf } from '../store/synthesis.ts'
import { beginTask, finishTask, taskStates } from '../store/tasks.ts'
import type { Deployment } from './deployment.ts'
import { overruleDecisions } from './overrule-decisions.ts'

const decision = (paperId: string, change: Partial<ScreeningDecision> = {}): ScreeningDecision => ({
  paperId,
  tier: 'core',
  reason: 'relevant',
  score: 0.7,
  rationale: 'names “bees”',
  decidedBy: 'extractive',
  ...change,
})
const theme = { id: 't1', label: 'Bees', description: 'On bees.', keywords: ['bees'], paperIds: ['a'] }
const finishedTasks = ['extract/a', 'themes/all', 'report/all']

await describeEachStore('overruling decisions', (store) => {
  const added: string[] = []
  const deployment = () =>
    ({
      sql: store.database.sql,
      queues: {
        add: async (_: unknown, __: unknown, id: string) => void added.push(id),
      } as unknown as Queues,
      admission: { running: 10, waiting: 10 },
    }) as Deployment

  async function finishedSession(): Promise<void> {
    const { sql } = store.database
    added.length = 0
    await storeDecisions(sql, 's1', [
      decision('a'),
      decision('b', { tier: 'background', reason: 'out_of_scope' }),
      decision('c', { tier: 'exclude', reason: 'retracted', decidedBy: 'rule' }),
    ])
    await storeThemes(sql, 's1', [theme])
    for (const key of finishedTasks) {
      const phase = key.split('/')[0] as 'extract' | 'themes' | 'report'
      await beginTask(sql, { session: 's1', key, phase })
      await finishTask(sql, 's1', key, async () => undefined)
    }
    await changeSession(sql, 's1', { status: 'finished', phase: 'report' })
  }

  test('does again what rests on core papers when one joins or leaves them', async () => {
    await finishedSession()
    const { sql } = store.database
    await overruleDecisions(deployment(), 's1', [{ paperId: 'b', tier: 'core', by: 'ann' }])
    expect(added).toEqual(['s1-2'])
    expect(await getSession(sql, 's1')).toMatchObject({ status: 'running', phase: 'screen', run: 2 })
    expect(await themesOf(sql, 's1')).toEqual([])
    expect([...(await taskStates(sql, 's1')).keys()]).toEqual(['extract/a'])
    expect((await decisionsOf(sql, 's1')).map(({ paperId, tier }) => [paperId, tier])).toEqual([
      ['a', 'core'],
      ['b', 'core'],
      ['c', 'exclude'],
    ])
    expect((await overrulesOf(sql, 's1')).get('b')).toEqual({ paperId: 'b', tier: 'core', by: 'ann' })
  })

  test('writes the report alone anew when no core paper is concerned', async () => {
    await finishedSession()
    const { sql } = store.database
    await overruleDecisions(deployment(), 's1', [{ paperId: 'b', tier: 'exclude', by: 'ann' }])
    expect(await themesOf(sql, 's1')).toEqual([theme])
    expect([...(await taskStates(sql, 's1')).keys()].sort()).toEqual(['extract/a', 'themes/all'])
  })

  test('changes nothing when one of the decisions cannot be', async () => {
    await finishedSession()
    const { sql } = store.database
    const all = (paperId: string) =>
      overruleDecisions(deployment(), 's1', [
        { paperId: 'a', tier: 'exclude', by: 'ann' },
        { paperId, tier: 'core', by: 'ann' },
      ])
    await expect(all('c')).rejects.toMatchObject({ code: 'conflict' })
    await expect(all('nobody')).rejects.toMatchObject({ code: 'not_found' })
    await changeSession(sql, 's1', { status: 'running' })
    await expect(all('b')).rejects.toMatchObject({ code: 'conflict' })
    expect((await decisionsOf(sql, 's1'))[0]).toEqual(decision('a'))
    expect((await overrulesOf(sql, 's1')).size).toBe(0)
    expect(added).toEqual([])
  })
})
