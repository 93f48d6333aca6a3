// Installs what a checkout needs: the locked dependencies and the pinned Node.js. Runs on any Node.js from 20 on, so it
// uses nothing newer and no dependency. Does nothing when all is there.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stampFile = join(root, 'node_modules', '.sheaf-setup')
const pinnedNode = join(root, 'node_modules', 'node', 'bin', 'node')

/** The same text that `cksum < package-lock.json` prints, so that the launcher can compare it without Node.js. */
function lockStamp() {
  const sum = spawnSync('cksum', { input: readFileSync(join(root, 'package-lock.json')), encoding: 'utf8' })
  if (sum.status !== 0) throw new Error('cksum is missing; install coreutils')
  return sum.stdout.trim()
}

/** @param {string[]} words */
function run(...words) {
  const [command = '', ...rest] = words
  const done = spawnSync(command, rest, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  if (done.status === 0) return
  console.error(`\nSheaf could not be set up: "${words.join(' ')}" failed.`)
  console.error(
    'Check that the npm registry can be reached and that there are 500 MB free, then run it again.',
  )
  process.exit(69)
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(`Sheaf needs Node.js 20 or newer to set itself up; this is ${process.version}.`)
  process.exit(69)
}
const stamp = lockStamp()
const isSetUp = () =>
  existsSync(pinnedNode) && existsSync(stampFile) && readFileSync(stampFile, 'utf8').trim() === stamp

/** Another process that sets up this checkout would have its files deleted under it: one works, the others wait. */
function becomeTheOne() {
  const place = join(root, '.setting-up')
  for (let waited = 0; ; waited++) {
    try {
      writeFileSync(place, String(process.pid), { flag: 'wx' })
      process.on('exit', () => rmSync(place, { force: true }))
      process.on('SIGINT', () => process.exit(130))
      process.on('SIGTERM', () => process.exit(143))
      return
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
    }
    if (waited === 0) console.error('Waiting for another process that sets up Sheaf…')
    if (!isAlive(place)) rmSync(place, { force: true })
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
  }
}

/** @param {string} place */
function isAlive(place) {
  try {
    const pid = Number(readFileSync(place, 'utf8'))
    // A file without a number is being written at this moment.
    if (pid > 0) process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

if (isSetUp()) process.exit(0)
becomeTheOne()
if (isSetUp()) process.exit(0)

console.error('Setting up Sheaf (once; about half a minute)…')
run('npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error')
if (!existsSync(pinnedNode)) {
  // Where npm does not run install scripts, the pinned Node.js is fetched here as its own script would.
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', 'node', 'package.json'), 'utf8'))
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'
  const name = `${prefix}-${process.platform}-${process.arch}`
  run('npm', 'install', '--no-save', '--ignore-scripts', '--loglevel=error', `${name}@${version}`)
  const { copyFileSync, mkdirSync, chmodSync } = await import('node:fs')
  mkdirSync(join(root, 'node_modules', 'node', 'bin'), { recursive: true })
  copyFileSync(join(root, 'node_modules', name, 'bin', 'node'), pinnedNode)
  chmodSync(pinnedNode, 0o755)
}
writeFileSync(stampFile, stamp)
