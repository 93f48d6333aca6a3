import { pino } from 'pino'
import { jobAtHand } from './job-scope.ts'
import { type Log, type LogFields, type LogLevel, logLevels } from './log.ts'
import type { Trace } from './trace.ts'

/** How lines are written. */
export interface JsonLinesOptions {
  readonly level: LogLevel
  /** Where each line goes, its end included. */
  readonly write: (line: string) => void
  readonly redact: (text: string) => string
  readonly trace: Pick<Trace, 'ids'>
}

/**
 * A log of JSON, one object a line: `level`, `time`, `msg`, `pid`, the fields of the line, and where the line belongs to a job
 * or a traced request, `session`, `queue`, `job`, `trace_id`, `span_id`. Each line passes the redaction whole.
 */
export function createJsonLines({ level, write, redact, trace }: JsonLinesOptions): Log {
  const lines = pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => ({ ...jobAtHand(), ...trace.ids() }),
      serializers: { error: describe },
    },
    { write: (line: string) => write(redact(line)) },
  )
  const say =
    (at: LogLevel) =>
    (message: string, fields: LogFields = {}) =>
      lines[at](fields, message)
  return Object.fromEntries(logLevels.map((at) => [at, say(at)])) as Log
}

/** A thrown value with its causes; stacks are for faults of Sheaf, so they are always told. */
function describe(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return String(thrown)
  const { code } = thrown as { code?: unknown }
  return {
    type: thrown.name,
    message: thrown.message,
    ...(typeof code === 'string' && { code }),
    stack: thrown.stack,
    ...(thrown.cause !== undefined && { cause: describe(thrown.cause) }),
  }
}
