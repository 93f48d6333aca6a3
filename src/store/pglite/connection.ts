import { EventEmitter } from 'node:events'
import { protocol } from '@electric-sql/pglite'
import type { BackendMessage, Session } from './session.ts'

const { serialize } = protocol
type Serialize = typeof serialize

/** A `ROLLBACK` on the wire. */
export const rollbackMessage: Uint8Array = serialize.query('ROLLBACK')

/**
 * What node-postgres' Client takes for its socket: the same events and methods as its own `Connection`, over PGlite's
 * session. Parse, Bind, Describe and Execute are collected and cross into the engine in one go with their Sync.
 */
export interface PgliteConnection extends EventEmitter {
  /** Rolls back a transaction that was left open by who used the connection. */
  abandon(): Promise<void>
}

/** Makes one. An engine that has stopped fails each query, as there is no socket to lose. */
export function createConnection(session: Session): PgliteConnection {
  const emitter = new EventEmitter()
  let collected: Uint8Array[] = []

  function emit(answer: BackendMessage): void {
    emitter.emit(answer.name === 'error' ? 'errorMessage' : answer.name, answer)
  }

  function send(last: Uint8Array): void {
    const bytes = Buffer.concat([...collected, last])
    collected = []
    session.exchange(connection, bytes).then(
      (answers) => answers.forEach(emit),
      (thrown) => {
        emitter.emit('errorMessage', thrown)
        emitter.emit('readyForQuery', { status: 'I' })
      },
    )
  }

  function end(): void {
    void session.abandon(connection).then(() => emitter.emit('end'))
  }

  const connection = Object.assign(emitter, {
    // Client.end() and Client.connect() look at these two.
    _connecting: false,
    _ending: false,
    parsedStatements: {},
    submittedNamedStatements: {},
    // BullMQ switches keep-alive on to learn whether a lost connection would be noticed; here none can be lost.
    stream: { destroy: end, setKeepAlive: () => true },
    connect() {
      connection._connecting = true
      process.nextTick(() => emitter.emit('readyForQuery', { status: 'I' }))
    },
    query: (text: string) => send(serialize.query(text)),
    parse: (statement: Parameters<Serialize['parse']>[0]) => collected.push(serialize.parse(statement)),
    bind: (values: Parameters<Serialize['bind']>[0]) => collected.push(serialize.bind(values)),
    describe: (portal: Parameters<Serialize['describe']>[0]) => collected.push(serialize.describe(portal)),
    execute: (portal: Parameters<Serialize['execute']>[0]) => collected.push(serialize.execute(portal)),
    close: (portal: Parameters<Serialize['close']>[0]) => collected.push(serialize.close(portal)),
    sync: () => send(serialize.sync()),
    flush: () => undefined,
    sendCopyFail: (message: string) => send(serialize.copyFail(message)),
    end,
    ref: () => undefined,
    unref: () => undefined,
    abandon: () => session.abandon(connection),
  })
  return connection
}
