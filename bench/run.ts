/**
 * Measures speed and memory on a folder of papers: the reader beside pdftotext, the queue, and one review end to end.
 *
 *   npm run bench -- FOLDER [--question "…"] [--json FILE]
 *
 * Machines are noisy: compare the figures of one run with each other, not with those of another.
 */
import { writeFileSync } from 'node:fs'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { benchQueue } from './queue.ts'
import { benchReader } from './reader.ts'
import { benchReview } from './review.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    question: { type: 'string', default: 'How are methods evaluated, and what limits them?' },
    json: { type: 'string' },
  },
})
const folder = positionals[0]
if (folder === undefined) {
  console.error('Name a folder of papers: npm run bench -- FOLDER')
  process.exit(64)
}
const reader = await benchReader(folder)
console.log('reader', JSON.stringify(reader, null, 2))
const queue = await benchQueue()
console.log('queue', JSON.stringify(queue, null, 2))
const review = await benchReview(folder, values.question)
console.log('review', JSON.stringify(review, null, 2))
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ folder, reader, queue, review }, null, 2)}\n`)
