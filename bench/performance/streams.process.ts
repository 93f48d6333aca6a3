/** A process for `streams.ts`: many clients of streams, which do as little as clients can. */
import { connect } from 'node:net'
import process from 'node:process'
import { together } from './stage.ts'

export interface Watch {
  readonly port: number
  readonly sessions: readonly string[]
  /** Clients, which follow the sessions in turn. */
  readonly streams: number
}

/** Session by its place, number of the event, and when it was committed, in milliseconds of the monotonic clock. */
export type Committed = [session: number, sequence: number, at: number][]

/** What all clients together have received; times in milliseconds. */
export interface Received {
  readonly count: number
  readonly median: number
  readonly p99: number
  readonly max: number
  readonly lost: number
  readonly repeated: number
}

/** Clients that connect at the same time. */
const atOnce = 100
const now = () => Number(process.hrtime.bigint() / 1000n) / 1000

/** What each client received and when, in turn. It is looked at in the end, so that all clients together cost little. */
const receipts: (string | number)[][] = []
/** All sockets are read through one buffer, each piece being copied at once. */
const buffer = Buffer.alloc(65_536)

function follow(place: number, { port, sessions }: Watch): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const mine: (string | number)[] = []
  receipts[place] = mine
  const callback = (length: number) => {
    if (mine.push(buffer.toString('latin1', 0, length), now()) === 2) resolve()
    return true
  }
  const socket = connect({ port, host: '127.0.0.1', onread: { buffer, callback } }, () => {
    const session = sessions[place % sessions.length]
    socket.write(`GET /api/v1/sessions/${session}/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
  })
  socket.on('error', reject)
  socket.on('close', () => reject(new Error('A stream was closed.')))
  return promise
}

/** Numbers of the events that a client received, with the time at which the line that names each was there. */
function* eventsOf(pieces: readonly (string | number)[]): Generator<[sequence: number, at: number]> {
  let rest = ''
  for (let index = 0; index < pieces.length; index += 2) {
    const lines = (rest + pieces[index]).split('\n')
    rest = lines.pop()!
    for (const line of lines)
      if (line.startsWith('id: ')) yield [Number(line.slice(4)), Number(pieces[index + 1])]
  }
}

function compare(committed: Committed, { sessions, streams }: Watch): Received {
  const commits = sessions.map(() => new Map<number, number>())
  for (const [session, sequence, at] of committed) commits[session]!.set(sequence, at)
  const delays: number[] = []
  let repeated = 0
  let lost = 0
  for (let place = 0; place < streams; place++) {
    const expected = commits[place % sessions.length]!
    const seen = new Set<number>()
    for (const [sequence, at] of eventsOf(receipts[place]!)) {
      if (seen.has(sequence)) repeated += 1
      seen.add(sequence)
      delays.push(at - expected.get(sequence)!)
    }
    lost += expected.size - seen.size
  }
  const sorted = Float64Array.from(delays).sort()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
  return { count: sorted.length, median: at(0.5), p99: at(0.99), max: at(1), lost, repeated }
}

process.once('message', async (watch: Watch) => {
  await together(Array.from({ length: watch.streams }).keys(), atOnce, (place) => follow(place, watch))
  process.once('message', (committed: Committed) => process.send!(compare(committed, watch)))
  process.send!('all are open')
})
