// Backs a deployment up as docs/operations.md says, loses it, and restores it: on Postgres with files in a folder, and the data
// folder of a laptop. npm run test:restore
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { databaseKinds } from '../support/databases.ts'
import { type DeploymentUnderTest, deploy } from '../support/deployment.ts'
import { createPlace, notesFolder } from '../support/sheaf.ts'

const question = 'How are quotations found on a page?'
const backup = mkdtempSync(join(tmpdir(), 'sheaf-backup-'))
try {
  await service()
  await laptop()
} finally {
  rmSync(backup, { recursive: true, force: true })
}

async function service(): Promise<void> {
  const [, postgres] = await databaseKinds()
  assert(postgres?.service, 'A Postgres is needed: set DATABASE_URL.')
  const [lost, restored] = [await postgres.create(), await postgres.create()]
  assert(lost.config.kind === 'postgres' && restored.config.kind === 'postgres')
  {
    await using sheaf = deploy({ DATABASE_URL: lost.config.url })
    const first = await sheaf.serve()
    for (const name of readdirSync(notesFolder).slice(0, 4))
      await sheaf.request(`/library/files/${name}`, {
        method: 'PUT',
        body: readFileSync(join(notesFolder, name)),
      })
    const session = await sheaf.review({ question, settings: {} })
    const { status, outputFolder } = await finished(sheaf, session)
    assert.equal(status, 'finished')
    const before = await whatIsShown(sheaf, session)

    const files = ['home', 'reviews']
    run('pg_dump', '--format=custom', `--file=${backup}/database`, lost.config.url)
    for (const name of files) cpSync(join(sheaf.folder, name), join(backup, name), { recursive: true })

    await sheaf.end(first)
    for (const name of files) renameSync(join(sheaf.folder, name), join(sheaf.folder, `lost-${name}`))
    for (const name of files) cpSync(join(backup, name), join(sheaf.folder, name), { recursive: true })
    run(
      'pg_restore',
      '--no-owner',
      '--exit-on-error',
      `--dbname=${restored.config.url}`,
      `${backup}/database`,
    )

    await sheaf.start(['serve', '--port', '0'], { DATABASE_URL: restored.config.url })
    assert.deepEqual(await whatIsShown(sheaf, session), before)
    using place = await createPlace({ fresh: true })
    const verified = await place.sheaf('verify', outputFolder)
    assert.equal(verified.code, 0, verified.stdout + verified.stderr)
    const again = await sheaf.review({ question, settings: {} })
    assert.equal((await finished(sheaf, again)).status, 'finished')
  }
  await lost.remove()
  await restored.remove()
  console.log('Postgres and a folder: the review is shown and verified as before, and a new one is made.')
}

async function finished(sheaf: DeploymentUnderTest, session: string) {
  for (;;) {
    const view = (await sheaf.request(`/sessions/${session}`)) as { status: string; outputFolder: string }
    if (!['queued', 'running'].includes(view.status)) return view
    await sleep(500)
  }
}

/** What people are shown of a review: its report, and the places of a quotation. */
async function whatIsShown(sheaf: DeploymentUnderTest, session: string): Promise<unknown[]> {
  const report = (await sheaf.request(`/sessions/${session}/report/report.json`)) as {
    spans: { id: string }[]
  }
  const [span] = report.spans
  assert(span, 'The report has no quotation.')
  const { items } = (await sheaf.request('/library/files')) as { items: unknown[] }
  return [report, await sheaf.request(`/sessions/${session}/evidence/${span.id}`), items]
}

async function laptop(): Promise<void> {
  using place = await createPlace({ fresh: true })
  const report = join(place.folder, 'report')
  const made = await place.sheaf('research', question, '--library', notesFolder, '--out', report, '--quiet')
  assert.equal(made.code, 0, made.stderr)
  const before = await place.sheaf('sessions')

  cpSync(place.home, join(backup, 'laptop'), { recursive: true })
  rmSync(place.home, { recursive: true })
  cpSync(join(backup, 'laptop'), place.home, { recursive: true })

  const after = await place.sheaf('sessions')
  assert.equal(after.code, 0, after.stderr)
  assert.equal(after.stdout, before.stdout)
  const verified = await place.sheaf('verify', report)
  assert.equal(verified.code, 0, verified.stdout + verified.stderr)
  console.log('A data folder: the review is listed and verified as before.')
}

function run(command: string, ...words: string[]): void {
  const { status, stderr, error } = spawnSync(command, words, { encoding: 'utf8' })
  assert.equal(status, 0, `${command}: ${error?.message ?? stderr}`)
}
