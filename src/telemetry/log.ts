/** The levels of a log, the most telling last. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof logLevels)[number]

/** What a line says beside its message; an `Error` under `error`. */
export type LogFields = Readonly<Record<string, unknown>>

/** The port through which a process says what it does. Secrets are taken out by who writes the lines. */
export type Log = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>

const nothing = () => undefined

/** Says nothing. */
export const unlogged: Log = { error: nothing, warn: nothing, info: nothing, debug: nothing }
