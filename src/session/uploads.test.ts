import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { describeEachStore } from '../../test/support/each-store.ts'
import { createFolderStore } from '../blobs/folder-store.ts'
import { createOnce } from '../store/once.ts'
import { getSession } from '../store/sessions.ts'
import { keepUpload, listUploads, removeUpload } from './uploads.ts'

const folder = mkdtempSync(join(tmpdir(), 'sheaf-uploads-'))
afterAll(() => rmSync(folder, { recursive: true }))
const uploads = {
  mostFiles: 10,
  mostBytes: 1_000,
  largestPaper: 1_000,
  largestBibliography: 1_000,
  patience: 1_000,
}
const body = (text: string) => new Blob([text]).stream() as ReadableStream<Uint8Array>
const caller = (user: string) => ({ user, scope: 'write' as const })

await describeEachStore('uploads', (store) => {
  test('to a bucket that hangs keep nobody else from the database', async () => {
    const { sql } = store.database
    const bucket = Promise.withResolvers<void>()
    const reached: string[] = []
    const kept = createFolderStore(join(folder, store.kind))
    const blobs: typeof kept = {
      ...kept,
      async take(place, received) {
        reached.push(place)
        await bucket.promise
        await kept.take(place, received)
      },
    }
    const parts = { sql, blobs, uploads, once: createOnce(sql) }
    // More than a process has connections, and one more of somebody who has one under way.
    const users = [...Array.from({ length: 25 }, (_, index) => `u${index}`), 'u0']
    const underWay = users.map((user, index) =>
      keepUpload(parts, caller(user), `${index}.bib`, body('@book{}')),
    )
    while (reached.length < 25) await getSession(sql, 's1')
    expect(await getSession(sql, 's1')).toMatchObject({ question: 'Why?' })
    expect(reached).toHaveLength(25)
    bucket.resolve()
    await Promise.all(underWay)
    expect((await listUploads(parts, caller('u0'), { limit: 9 })).map(({ name }) => name)).toEqual([
      '0.bib',
      '25.bib',
    ])
    await removeUpload(parts, caller('u0'), '0.bib')
    expect(await listUploads(parts, caller('u0'), { limit: 9 })).toHaveLength(1)
  })
})
