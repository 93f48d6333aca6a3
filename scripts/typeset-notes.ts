// Typesets the engineering notes: docs/notes/NN-name.md becomes docs/notes/pdf/NN-name.pdf, set like a paper on A4. Needs
// Debian's packages chromium and fonts-sil-charis. The same Markdown gives the same text; dates come from the notes.
//
//   node scripts/typeset-notes.ts [NN-name …]
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { readNote } from './notes/note.ts'
import { pageOf } from './notes/page.ts'
import { withMetadata } from './notes/pdf-metadata.ts'

const folder = fileURLToPath(new URL('../docs/notes', import.meta.url))
const wanted = process.argv.slice(2)
const names = readdirSync(folder)
  .filter((file) => /^\d\d-.*\.md$/.test(file))
  .map((file) => basename(file, '.md'))
  .filter((name) => wanted.length === 0 || wanted.includes(name))
  .sort()

mkdirSync(join(folder, 'pdf'), { recursive: true })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--headless'],
})
try {
  const tab = await browser.newPage({ javaScriptEnabled: false })
  for (const name of names) {
    const note = readNote(readFileSync(join(folder, `${name}.md`), 'utf8'), `${name}.md`)
    await tab.setContent(await pageOf(note))
    const pdf = await tab.pdf({ preferCSSPageSize: true, tagged: true, outline: true })
    writeFileSync(join(folder, 'pdf', `${name}.pdf`), withMetadata(pdf, note))
    console.log(`docs/notes/pdf/${name}.pdf`)
  }
} finally {
  await browser.close()
}
