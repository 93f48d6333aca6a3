import { mkdtempSync, rmSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import timers from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { copyPglite } from '../test/support/databases.ts'
import { openApp } from './compose.ts'
import { loadConfig } from './config.ts'
import { openDatabase } from './store/database.ts'
import { takeLease } from './store/leases.ts'
import { keepPlace } from './store/limits.ts'

test('who opens an embedded database does not wait for what a killed process held', async () => {
  const home = mkdtempSync(join(tmpdir(), 'sheaf-app-'))
  const folder = join(home, 'database')
  await copyPglite(folder)
  const minute = 60_000
  const killed = await openDatabase({ kind: 'pglite', folder })
  expect(await takeLease(killed.sql, 'q', 'killed', minute)).toBe(true)
  expect((await keepPlace(killed.sql, 's', undefined, minute)).ahead).toBe(0)
  await killed.close()

  const app = await openApp(loadConfig({ SHEAF_HOME: home }, home))
  try {
    const { sql } = app.deployment
    expect(await takeLease(sql, 'q', 'other', minute)).toBe(true)
    expect((await keepPlace(sql, 's', undefined, minute)).ahead).toBe(0)
  } finally {
    await app.close()
    rmSync(home, { recursive: true })
  }
})

test('what looks from time to time has ended before its database is closed', async () => {
  const home = mkdtempSync(join(tmpdir(), 'sheaf-app-'))
  await copyPglite(join(home, 'database'))
  const waits = vi.spyOn(timers, 'setTimeout')
  syncBuiltinESMExports()
  try {
    const app = await openApp(loadConfig({ SHEAF_HOME: home }, home))
    await app.startWorkers()
    const looks = waits.mock.calls
      .map(([, , options]) => options?.signal)
      .filter((signal) => signal !== undefined)
    expect(looks.length).toBeGreaterThan(0)
    await app.close()
    expect(looks.filter((signal) => !signal.aborted)).toEqual([])
  } finally {
    waits.mockRestore()
    syncBuiltinESMExports()
    rmSync(home, { recursive: true })
  }
})
