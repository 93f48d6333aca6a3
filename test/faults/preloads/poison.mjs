/**
 * Loaded into a worker before Sheaf: the process dies at once when it asks for one certain PDF, as it would of a file that breaks its
 * reader in a way that nothing holds. The first PDF that any worker asks for becomes that one; its name is kept in SHEAF_TEST_POISON.
 */

import { subscribe } from 'node:diagnostics_channel'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'

const file = process.env.SHEAF_TEST_POISON

function poisonous(path) {
  try {
    writeFileSync(file, `${path}\n`, { flag: 'wx' })
    return true
  } catch {
    return readFileSync(file, 'utf8').split('\n')[0] === path
  }
}

subscribe('undici:request:create', ({ request }) => {
  if (!/\.pdf$/.test(request.path) || !poisonous(request.path)) return
  appendFileSync(file, `${process.pid}\n`)
  process.kill(process.pid, 'SIGKILL')
})
