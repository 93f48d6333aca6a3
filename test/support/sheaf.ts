import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { type SessionEvent, sessionEventSchema } from '../../src/contract/events.ts'
import { copyPglite } from './databases.ts'

const main = resolve(import.meta.dirname, '../../src/cli/main.ts')
/** As the script `sheaf` has it: compiling the program anew is most of what a short command does. */
const compiled = resolve(import.meta.dirname, '../../node_modules/.cache/node')

/** The bundled papers: Sheaf's own notes. */
export const notesFolder = resolve(import.meta.dirname, '../../docs/notes/pdf')

/** How a command ended, with what it wrote. */
export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** A command at work. */
export interface Running {
  process: ChildProcess
  ended: Promise<Ended>
  /** Resolves with the match when standard output or error matches, rejects when the command ends before. */
  until(pattern: RegExp): Promise<RegExpExecArray>
}

/** A place for one test: a data folder and a folder for reports, gone at the end. */
export interface Place extends Disposable {
  home: string
  folder: string
  /** Starts a command; `input` is what it finds on standard input. */
  start(words: readonly string[], environment?: NodeJS.ProcessEnv, input?: string): Running
  sheaf(...words: string[]): Promise<Ended>
}

/** Makes a place for one test, with a database that was started before; `fresh` leaves the first start to the test. */
export async function createPlace({ fresh = false } = {}): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-e2e-'))
  const home = join(folder, 'home')
  if (!fresh) await copyPglite(join(home, 'database'))
  const start = (words: readonly string[], environment: NodeJS.ProcessEnv = {}, input = '') =>
    run(
      words,
      { ...withoutServices(process.env), SHEAF_HOME: home, NODE_COMPILE_CACHE: compiled, ...environment },
      folder,
      input,
    )
  return {
    folder,
    home,
    start,
    sheaf: (...words) => start(words).ended,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The events of `--json` output. */
export function eventsIn(stdout: string): SessionEvent[] {
  return stdout
    .split('\n')
    .filter(Boolean)
    .flatMap((line) => {
      const event = sessionEventSchema.safeParse(JSON.parse(line))
      return event.success ? [event.data] : []
    })
}

function withoutServices({ DATABASE_URL: _, REDIS_URL: __, ...rest }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return rest
}

function run(words: readonly string[], env: NodeJS.ProcessEnv, cwd: string, input: string): Running {
  const child = spawn(process.execPath, [main, ...words], { env, cwd, stdio: 'pipe' })
  child.stdin.end(input)
  let stdout = ''
  let stderr = ''
  const watchers = new Set<() => void>()
  const heard = () => {
    for (const watcher of watchers) watcher()
  }
  child.stdout.on('data', (chunk) => {
    stdout += chunk
    heard()
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
    heard()
  })
  const ended = new Promise<Ended>((done) => child.on('close', (code) => done({ code, stdout, stderr })))
  return {
    process: child,
    ended,
    until: (pattern) =>
      new Promise((found, gone) => {
        const watcher = () => {
          const match = pattern.exec(stdout + stderr)
          if (match) found(match)
        }
        watchers.add(watcher)
        watcher()
        void ended.then(() => gone(new Error(`It ended without ${pattern}:\n${stdout}\n${stderr}`)))
      }),
  }
}
