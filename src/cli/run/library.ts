import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { messageOf } from '../../errors.ts'
import { printable } from '../progress/words.ts'
import { withReviews } from '../reviews/open.ts'
import { remark, say } from '../terminal.ts'

/** `sheaf library list`. */
export async function list({ json }: { json?: boolean }): Promise<void> {
  await withReviews(async (reviews) => {
    const folders = await reviews.libraryFolders()
    if (json) say(JSON.stringify(folders, null, 2))
    else if (folders.length === 0) remark('The library is empty. Add a folder: sheaf library add FOLDER')
    else for (const folder of folders) say(`${printable(folder)}   (${stateOf(folder)})`)
  })
}

/** How many PDFs a folder and the folders in it hold, or why that is not known. */
function stateOf(folder: string): string {
  if (!existsSync(folder)) return 'not there now'
  try {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    const pdfs = files.filter((file) => file.toLowerCase().endsWith('.pdf')).length
    return pdfs === 1 ? '1 PDF' : `${pdfs} PDFs`
  } catch (thrown) {
    return `cannot be read: ${messageOf(thrown)}`
  }
}

/** `sheaf library add`. */
export async function add(folder: string): Promise<void> {
  const path = resolve(folder)
  await withReviews(async (reviews) => {
    const isNew = await reviews.addLibraryFolder(path)
    remark(isNew ? `Added ${printable(path)}.` : `${printable(path)} is in the library already.`)
  })
}

/** `sheaf library remove`. */
export async function remove(folder: string): Promise<void> {
  const path = resolve(folder)
  await withReviews(async (reviews) => {
    await reviews.removeLibraryFolder(path)
    remark(`${printable(path)} is no longer in the library. Its files are as they were.`)
  })
}
