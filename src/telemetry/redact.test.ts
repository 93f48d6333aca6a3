import { expect, test } from 'vitest'
import { inJob } from './job-scope.ts'
import { createJsonLines } from './json-lines.ts'
import { createRedaction } from './redact.ts'

const planted = 'sk-planted-7f3a"\\\n9c'
const redact = createRedaction([planted, 'pw', 'hunter2pass'])

test.each([
  ['a known value', `asked with ${planted} twice`],
  ['a known value in an address', `https://api.example/v1?x=${encodeURIComponent(planted)}`],
  ['a known value in JSON', JSON.stringify({ message: `it was ${planted}` })],
  ['a header', 'Authorization: Bearer sk-planted-unknown'],
  ['a header in JSON', JSON.stringify({ headers: { authorization: 'Bearer sk-planted-unknown' } })],
  ['a header in JSON in JSON', JSON.stringify(JSON.stringify({ 'x-api-key': 'sk-planted-unknown' }))],
  ['a cookie', 'cookie: sheaf=sk-planted-unknown; other=sk-planted-too'],
  ['a scheme alone', 'it sent Bearer sk-planted-unknown to us'],
  ['a password in an address', 'postgres://sheaf:sk-planted-pass@db:5432/sheaf is away'],
  ['a key in an address', 'GET https://api.example/works?api_key=sk-planted-k&search=x failed'],
  ['a token in an address', 'https://sheaf.example/auth/callback?code=sk-planted-c&state=sk-planted-s'],
])('takes out %s', (_name, text) => {
  const clean = redact(text)
  expect(clean).toContain('[redacted]')
  expect(clean).not.toMatch(/planted|7f3a/)
})

test('leaves other words alone, short values too', () => {
  const text =
    'The pw of arXiv answered 503 for https://export.arxiv.org/api/query?search_query=all:keys&start=0.'
  expect(redact(text)).toBe(text)
})

test('lines are JSON, name their job and trace, and hold no secret, not in causes nor stacks', async () => {
  const lines: string[] = []
  const log = createJsonLines({
    level: 'info',
    write: (line) => void lines.push(line),
    redact,
    trace: { ids: () => ({ trace_id: 't1', span_id: 's1' }) },
  })
  const cause = new Error(`connect redis://:hunter2pass@cache:6379 refused`)
  const error = new Error(`It failed with ${planted} at https://x.example/?token=planted-token`, { cause })
  await inJob({ queue: 'search', job: 'j1', session: 's-1' }, async () => {
    await Promise.resolve()
    log.warn('A job failed.', { error, headers: { authorization: 'Bearer planted-header' } })
  })
  log.info('Outside.')
  log.debug('Not told.')
  expect(lines).toHaveLength(2)
  expect(JSON.parse(lines[0]!)).toMatchObject({
    level: 'warn',
    msg: 'A job failed.',
    queue: 'search',
    job: 'j1',
    session: 's-1',
    trace_id: 't1',
    span_id: 's1',
    error: { type: 'Error', cause: { message: 'connect redis://[redacted]@cache:6379 refused' } },
  })
  expect(JSON.parse(lines[1]!)).not.toHaveProperty('job')
  expect(lines.join('')).not.toMatch(/planted|7f3a|hunter2/)
})
