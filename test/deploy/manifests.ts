import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'

/** The checkout. */
export const root = resolve(import.meta.dirname, '../..')

/** A file of the checkout, as text. */
export const textOf = (path: string) => readFileSync(join(root, path), 'utf8')

/** A file that holds one value of YAML. */
// biome-ignore lint/suspicious/noExplicitAny: what it is, is what the tests are about
export const yamlOf = (path: string): any => parse(textOf(path), { merge: true })

/** An object of Kubernetes, as far as all of them are alike. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly labels?: Record<string, string> }
  // biome-ignore lint/suspicious/noExplicitAny: each kind has its own, which its schema checks
  readonly spec: any
  readonly data?: Record<string, string>
  readonly stringData?: Record<string, string>
}

/** All objects of files of the checkout. */
export function manifestsOf(pattern: string): Manifest[] {
  return globSync(pattern, { cwd: root })
    .sort()
    .flatMap((path) => parseAllDocuments(textOf(path)).map((document) => document.toJS() as Manifest))
}
