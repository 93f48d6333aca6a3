import { expect, test } from 'vitest'
import { secondsOf, type TimedEvent } from './phase-times.ts'

/** Events from words like `created@0`, `started:read@3`. */
function events(...words: string[]): TimedEvent[] {
  return words.map((word) => {
    const [, kind = '', phase = null, at] = /^([\w.]+)(?::(\w+))?@([\d.]+)$/.exec(word)!
    return { type: phase === null ? kind : `phase.${kind}`, phase, at: Number(at) }
  })
}

test('a phase takes from its start to its end, and a review from its creation to its end', () => {
  const all = events(
    'session.created@0',
    'started:plan@1',
    'finished:plan@3',
    'started:read@4',
    'finished:read@9',
    'session.finished@10',
  )
  expect(secondsOf(all, 'plan')).toBe(2)
  expect(secondsOf(all, 'read')).toBe(5)
  expect(secondsOf(all, 'total')).toBe(10)
  expect(secondsOf(all, 'themes')).toBeUndefined()
})

test('what a person took to answer is not counted, nor an interruption; a process that was killed is', () => {
  const all = events(
    'session.created@0',
    'started:read@2',
    'approval.required@5',
    'session.resumed@1005',
    'session.interrupted@1006',
    'session.resumed@2006',
    'session.resumed@2007',
    'finished:read@2010',
    'session.finished@2011',
  )
  expect(secondsOf(all, 'read')).toBe(3 + 1 + 4)
  expect(secondsOf(all, 'total')).toBe(5 + 1 + 5)
})

test('a review that ends once more is measured from where it was resumed', () => {
  const all = events(
    'session.created@0',
    'started:report@5',
    'finished:report@8',
    'session.finished@10',
    'session.resumed@100',
    'started:report@101',
    'finished:report@104',
    'session.finished@105',
  )
  expect(secondsOf(all, 'report')).toBe(3)
  expect(secondsOf(all, 'total')).toBe(5)
})
