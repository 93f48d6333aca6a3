import { expect, test } from 'vitest'
import type { SessionEvent, SessionEventBody } from '../../contract/events.ts'
import { eventLines } from './event-lines.ts'
import { jsonLines } from './json-lines.ts'
import { countsInWords, duration, printable } from './words.ts'

const event = (body: SessionEventBody): SessionEvent => ({
  session: 's1',
  sequence: 1,
  at: '2026-01-02T03:04:05.000Z',
  body,
})

test('counts are words, in the singular for one, without zeros', () => {
  expect(countsInWords({ papers: 1, core: 3, excluded: 0, 'duplicates merged': 1 })).toBe(
    '1 paper, 3 core, 1 duplicate merged',
  )
})

test('times are read at a glance', () => {
  expect([340, 59_940, 125_400].map(duration)).toEqual(['0.3 s', '59.9 s', '2 min 05 s'])
})

test('what could move the cursor or fake output is shown as a mark', () => {
  expect(printable('a\u001b[2Jb\r\nc\u202ed')).toBe('a\uFFFD[2Jb\uFFFD\uFFFDc\uFFFDd')
})

test('without a terminal each event is a line, single steps are none, and a hostile name stays on its line', () => {
  const lines: string[] = []
  const progress = eventLines((text) => lines.push(text))
  progress.show(event({ type: 'phase.started', phase: 'read' }))
  progress.show(event({ type: 'phase.progress', phase: 'read', done: 1 }))
  progress.show(
    event({ type: 'item.failed', phase: 'read', item: 'x\n2026 Report: done', message: 'broken' }),
  )
  progress.show(event({ type: 'phase.finished', phase: 'read', counts: { papers: 2 } }))
  expect(lines).toEqual([
    '2026-01-02T03:04:05.000Z Read: started\n',
    '2026-01-02T03:04:05.000Z Read: x\uFFFD2026 Report: done: broken\n',
    '2026-01-02T03:04:05.000Z Read: 2 papers\n',
  ])
})

test('JSON lines hold every event as it is stored', () => {
  const lines: string[] = []
  const shown = event({ type: 'phase.progress', phase: 'read', done: 1, total: 2 })
  jsonLines((text) => lines.push(text)).show(shown)
  expect(lines.map((line) => JSON.parse(line))).toEqual([shown])
})
