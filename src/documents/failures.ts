import type { DocumentFailure } from '../contract/document.ts'

/** Thrown inside a reading thread to end a document with this failure. Never crosses the thread's border. */
export class ReadingFailure extends Error {
  readonly failure: DocumentFailure

  constructor(code: DocumentFailure['code'], message: string) {
    super(message)
    this.name = 'ReadingFailure'
    this.failure = { code, message }
  }
}

const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`

/** The failure of a file that is larger than the limit, both in bytes. */
export function tooLarge(byteLength: number, limit: number): ReadingFailure {
  return new ReadingFailure(
    'too_large',
    `The file has ${mebibytes(byteLength)}, and the limit is ${mebibytes(limit)}.`,
  )
}

/** The failure of a document that asked for more memory than the limit in bytes. */
export function outOfMemory(limit: number): ReadingFailure {
  return new ReadingFailure(
    'out_of_memory',
    `Reading the file needs more memory than the ${mebibytes(limit)} that one document may take; it may be made to do harm.`,
  )
}

/** The failure of a document on which the PDF engine itself broke down. */
export function engineCrashed(detail: string): ReadingFailure {
  return new ReadingFailure(
    'engine_crashed',
    `The PDF engine broke down on this file (${detail}); printing it to a new PDF with another program may help.`,
  )
}

/** The failure of a document that took longer than the limit in milliseconds. */
export function timedOut(milliseconds: number): ReadingFailure {
  return new ReadingFailure(
    'timed_out',
    `The file was not read within ${(milliseconds / 1000).toLocaleString('en-US')} s; it may be made to do harm.`,
  )
}
