import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

const main = resolve(import.meta.dirname, '../../src/cli/main.ts')

/** A process of Sheaf under test. */
export interface Part {
  readonly words: readonly string[]
  readonly child: ChildProcess
  /** What it wrote so far. */
  output(): string
}

/** What a session is started with. */
export interface NewReview {
  readonly question: string
  readonly settings: Record<string, unknown>
}

/** Sheaf as a service of several processes, on servers that a test has. */
export interface DeploymentUnderTest extends AsyncDisposable {
  readonly folder: string
  readonly parts: Set<Part>
  /** Starts a process, with other words of its environment where needed, and resolves when it works. */
  start(words: readonly string[], environment?: NodeJS.ProcessEnv, main?: string): Promise<Part>
  /** Starts `sheaf serve` and sends later requests there. */
  serve(...words: string[]): Promise<Part>
  worker(...words: string[]): Promise<Part>
  /** Ends a process and forgets it. */
  end(part: Part, signal?: NodeJS.Signals): Promise<void>
  /** A request to the API; throws for an answer that is no success. */
  request(path: string, init?: RequestInit): Promise<unknown>
  /** Starts a review; resolves with its name. It asks again while nobody can be reached. */
  review(review: NewReview): Promise<string>
}

const started = /serves on (http:\S+)\.|Sheaf works on/
/** Milliseconds that a process may take to begin. */
const startPatience = 90_000

/** @param environment where its servers are; `SHEAF_HOME` is one of its own */
export function deploy(environment: NodeJS.ProcessEnv): DeploymentUnderTest {
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-deployment-'))
  const parts = new Set<Part>()
  const { DATABASE_URL: _, REDIS_URL: __, ...inherited } = process.env
  const env = {
    ...inherited,
    SHEAF_HOME: join(folder, 'home'),
    SHEAF_REVIEWS: join(folder, 'reviews'),
    ...environment,
  }
  let address = ''

  const deployment: DeploymentUnderTest = {
    folder,
    parts,
    async start(words, own = {}, program = main) {
      const child = spawn(process.execPath, [program, ...words], {
        env: { ...env, ...own },
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let output = ''
      const begun = Promise.withResolvers<void>()
      let hasBegun = false
      const hear = (chunk: Buffer) => {
        output = (output + chunk).slice(-200_000)
        const match = hasBegun ? undefined : started.exec(output)
        if (!match) return
        hasBegun = true
        if (match[1]) address = match[1]
        begun.resolve()
      }
      child.stdout.on('data', hear)
      child.stderr.on('data', hear)
      const part: Part = { words, child, output: () => output }
      parts.add(part)
      const late = setTimeout(() => begun.reject(new Error(`It did not begin:\n${output}`)), startPatience)
      child.once('exit', (code, signal) =>
        begun.reject(new Error(`sheaf ${words.join(' ')} ended with ${code ?? signal}:\n${output}`)),
      )
      await begun.promise.finally(() => clearTimeout(late))
      return part
    },
    serve: (...words) => deployment.start(['serve', '--port', '0', ...words]),
    worker: (...words) => deployment.start(['worker', ...words]),
    async end(part, signal = 'SIGTERM') {
      parts.delete(part)
      if (part.child.exitCode !== null || part.child.signalCode !== null) return
      part.child.kill(signal)
      await once(part.child, 'exit')
    },
    async request(path, init) {
      const answer = await fetch(`${address}/api/v1${path}`, init)
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${answer.status} for ${path}: ${text.slice(0, 500)}`)
      return text === '' ? undefined : JSON.parse(text)
    },
    async review(body) {
      const key = crypto.randomUUID()
      for (let attempt = 0; ; attempt += 1) {
        try {
          const accepted = await deployment.request('/sessions', {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'idempotency-key': key },
            body: JSON.stringify(body),
          })
          return z.object({ session_id: z.string() }).parse(accepted).session_id
        } catch (thrown) {
          if (attempt === 60) throw thrown
          await sleep(500)
        }
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...parts].map((part) => deployment.end(part)))
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return deployment
}
