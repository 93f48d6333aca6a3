import { SheafError } from '../errors.ts'

/** Bytes of a name: what file systems take. */
const longestName = 255
/** Bytes of the names below each other, with room for a prefix in the 1,024 of a key (Amazon S3, "Naming objects"). */
const longestPath = 900

/**
 * Checks names that are to stand below each other, so that they lead nowhere else on a disk or in a bucket, whose
 * clients and gateways may resolve `..` as a path's.
 * @throws {SheafError} `invalid_input`
 */
export function checkNames(names: readonly string[]): void {
  const isPlain = names.length > 0 && names.every(isPlainName)
  if (!isPlain || Buffer.byteLength(names.join('/')) > longestPath)
    throw new SheafError(
      'invalid_input',
      `No file can be called ${JSON.stringify(names.join('/')).slice(0, 200)}.`,
    )
}

function isPlainName(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || Buffer.byteLength(name) > longestName) return false
  return name.isWellFormed() && !/[/\\\p{Cc}]/u.test(name)
}
