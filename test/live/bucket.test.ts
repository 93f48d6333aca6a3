import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { databaseKinds } from '../support/databases.ts'
import { deploy } from '../support/deployment.ts'
import { startS3 } from '../support/s3.ts'
import { describeService } from '../support/services.ts'
import { notesFolder } from '../support/sheaf.ts'

const [, postgres] = await databaseKinds()

describeService(postgres?.service, 'with a bucket and Postgres', () => {
  test('processes without a disk in common take papers, review them, and show the report', async () => {
    const bucket = await startS3('team/one')
    const database = await postgres!.create()
    if (database.config.kind !== 'postgres') throw new Error('A database of another kind was made.')
    const homes = mkdtempSync(join(tmpdir(), 'sheaf-homes-'))
    const own = (name: string) => ({
      SHEAF_HOME: join(homes, name),
      SHEAF_REVIEWS: join(homes, name, 'reviews'),
    })
    {
      await using sheaf = deploy({
        DATABASE_URL: database.config.url,
        SHEAF_BLOBS: 's3://papers/team/one',
        SHEAF_S3_ENDPOINT: bucket.place.endpoint,
      })
      const first = await sheaf.start(['serve', '--port', '0', '--workers', '0'], own('first'))
      for (const name of readdirSync(notesFolder).slice(0, 3))
        await sheaf.request(`/library/files/${name}`, {
          method: 'PUT',
          body: readFileSync(join(notesFolder, name)),
        })
      const session = await sheaf.review({ question: 'How are quotations found on a page?', settings: {} })
      const worker = await sheaf.start(['worker', '--drain', '--max-seconds', '100'], own('worker'))
      if (worker.child.exitCode === null) await new Promise((done) => worker.child.once('exit', done))
      expect([worker.child.exitCode, worker.output()]).toEqual([
        0,
        expect.stringContaining('Nothing is left'),
      ])
      const examined = await sheaf.start(['doctor'], own('doctor')).catch(String)
      expect(examined).toContain('s3://papers/team/one/reports can be listed')
      await sheaf.end(first)

      await sheaf.start(['serve', '--port', '0', '--workers', '0'], own('second'))
      const report = await sheaf.request(`/sessions/${session}/report/report.json`)
      const { spans } = report as { spans: { id: string; locator: { document: string } }[] }
      expect(spans.length).toBeGreaterThan(0)
      const manifest = await sheaf.request(`/sessions/${session}/report/manifest.json`)
      const { inputs } = manifest as { inputs: { path: string }[] }
      for (const { path } of inputs)
        expect(path).toMatch(/^s3:\/\/papers\/team\/one\/library\/[0-9a-f]{32}\/.*\.pdf$/)
      for (const name of readdirSync(homes))
        expect(readdirSync(join(homes, name)).filter((file) => !file.startsWith('config'))).toEqual([])
    }
    await database.remove()
    await bucket.stop()
    rmSync(homes, { recursive: true })
  }, 120_000)
})
