import { existsSync, readdirSync } from 'node:fs'
import { messageOf } from '../../errors.ts'
import { addLibraryFolder, libraryFolders, removeLibraryFolder } from '../../session/library.ts'
import { printable } from '../progress/words.ts'
import { remark, say } from '../terminal.ts'
import { withApp } from './with-app.ts'

/** `sheaf library list`. */
export async function list({ json }: { json?: boolean }): Promise<void> {
  await withApp(async ({ deployment }) => {
    const folders = await libraryFolders(deployment)
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
  await withApp(async ({ deployment }) => {
    const { path, isNew } = await addLibraryFolder(deployment, folder)
    remark(isNew ? `Added ${printable(path)}.` : `${printable(path)} is in the library already.`)
  })
}

/** `sheaf library remove`. */
export async function remove(folder: string): Promise<void> {
  await withApp(async ({ deployment }) => {
    const path = await removeLibraryFolder(deployment, folder)
    remark(`${printable(path)} is no longer in the library. Its files are as they were.`)
  })
}
