import { z } from 'zod'

/** What one document may cost. Beyond a limit the document fails with a code of its own and nothing else is harmed. */
export const readerLimitsSchema = z.object({
  /** Time for one document or picture in milliseconds, from the moment a thread takes it up. */
  milliseconds: z.number().int().positive().default(30_000),
  /** Heap of the PDF engine in bytes; growth that is asked for beyond it is refused. */
  heapBytes: z
    .number()
    .int()
    .positive()
    .default(512 * 2 ** 20),
  /** Size of the file in bytes. */
  fileBytes: z
    .number()
    .int()
    .positive()
    .default(256 * 2 ** 20),
  pages: z.number().int().positive().default(5_000),
  /** Characters on one page, as the engine counts them. A newspaper page has 50,000. */
  charactersPerPage: z.number().int().positive().default(500_000),
  /** Characters in the whole document. A book of 1,000 pages has 3,000,000. */
  charactersPerDocument: z.number().int().positive().default(10_000_000),
  /** Pages in a row that may fail before the rest is given up: a cyclic page tree claims 100,000 that do not exist. */
  failedPagesInARow: z.number().int().positive().default(20),
  /** Pixels of a rendered page; a larger picture is drawn at a lower resolution instead. */
  pixels: z.number().int().positive().default(16_000_000),
})
export type ReaderLimits = z.infer<typeof readerLimitsSchema>
