import { hash } from 'node:crypto'
import type { DocumentId } from '../contract/document.ts'

/** The identity of a document: the SHA-256 (FIPS 180-4) of its bytes as 64 lower-case hexadecimal digits. */
export function documentIdOf(bytes: Uint8Array): DocumentId {
  return hash('sha256', bytes, 'hex')
}
