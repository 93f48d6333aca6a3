import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Fault, triedOnServers } from './scenario.ts'

const root = resolve(import.meta.dirname, '../../..')
/**
 * A version whose tables are not divided yet. Older ones have a fault of their own, by which tasks that begin at once may wait for each
 * other.
 */
const olderVersion = '33a02770266fc459ff7e5636d14c248e54e2bf56'

/**
 * A new version takes the place of an old one while reviews are at work: its first process changes the tables, for a while both work
 * side by side, one of the old ones starts once more, and then they end one after the other.
 */
const versionsSideBySide: Fault = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-older-'))
  const older = join(folder, 'sheaf')
  execFileSync('git', ['worktree', 'add', '--detach', older, olderVersion], { cwd: root, stdio: 'ignore' })
  symlinkSync(join(root, 'node_modules'), join(older, 'node_modules'))
  const main = join(older, 'src/cli/main.ts')
  try {
    return await triedOnServers({ api: 'none', workers: 0 }, async (trial) => {
      const { sheaf } = trial
      const api = await sheaf.start(['serve', '--port', '0', '--workers', '0'], {}, main)
      const workers = [await sheaf.start(['worker'], {}, main), await sheaf.start(['worker'], {}, main)]
      await trial.begin(6)
      await sleep(4_000)
      await sheaf.worker()
      await sleep(3_000)
      await sheaf.end(workers[0]!)
      const again = await sheaf.start(['worker'], {}, main)
      await sheaf.serve('--workers', '0')
      await sheaf.end(api)
      await trial.begin(6)
      await sleep(3_000)
      await sheaf.end(workers[1]!)
      await sheaf.end(again)
      return `${trial.sessions.length} reviews`
    })
  } finally {
    execFileSync('git', ['worktree', 'remove', '--force', older], { cwd: root })
    rmSync(folder, { recursive: true, force: true })
  }
}

export const releaseFaults: Record<string, Fault> = { 'versions-side-by-side': versionsSideBySide }
