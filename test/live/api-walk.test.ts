import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { createPlace } from '../support/sheaf.ts'

const root = resolve(import.meta.dirname, '../..')

/** The commands of docs/api.md, as a reader would copy them. */
function commandsOf(markdown: string): string {
  const walk = markdown.slice(markdown.indexOf('## A review with curl'))
  const section = walk.slice(0, walk.indexOf('\n## ', 1))
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, commands]) => commands).join('\n')
}

test('the documented walk makes the same files as the command line', { timeout: 120_000 }, async () => {
  using place = await createPlace()
  const server = place.start(['serve', '--port', '0'])
  const [, url] = await server.until(/serves on (\S+?)\. /)
  const folder = join(place.folder, 'walk')
  mkdirSync(folder)
  const commands = commandsOf(readFileSync(join(root, 'docs/api.md'), 'utf8'))
    .replaceAll('"$PWD"', `"${root}"`)
    .replace('mkdir -p review', `mkdir -p review review-first`)
    .replace(/(?=\nanswer=)/, '\ncp review/* review-first/\n')
  const walked = await shell(`set -eu\n${commands}`, folder, { SHEAF_URL: url })
  expect(walked.stderr).toBe('')
  expect(walked.code).toBe(0)
  expect(walked.stdout).toContain('"state":"answered"')
  server.process.kill('SIGTERM')
  expect((await server.ended).code).toBe(0)

  const question = 'How are quotations matched to the pages of a paper?'
  const library = join(root, 'docs/notes/pdf')
  const out = join(place.folder, 'out')
  const reviewed = await place.sheaf(
    'research',
    question,
    '-l',
    library,
    '--analyst',
    'extractive',
    '-o',
    out,
  )
  expect(reviewed.code).toBe(0)
  const files = readdirSync(out).filter((name) => name !== 'manifest.json')
  expect(files).toHaveLength(8)
  for (const file of files)
    expect([
      file,
      readFileSync(join(folder, 'review-first', file)).equals(readFileSync(join(out, file))),
    ]).toEqual([file, true])
})

function shell(commands: string, cwd: string, environment: NodeJS.ProcessEnv) {
  const child = spawn('bash', ['-c', commands], { cwd, env: { ...process.env, ...environment } })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((done) =>
    child.on('close', (code) => done({ code, stdout, stderr })),
  )
}
