import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe } from 'vitest'

/**
 * Folder of real papers and labelled sets to test on. It is not part of the project: its licences do not allow that.
 * SHEAF_CORPORA names it; without it a folder beside the checkout is tried.
 */
const corporaFolder = process.env.SHEAF_CORPORA ?? resolve(import.meta.dirname, '../../../shared')

/** Real PDFs, in folders by subject, and `nasty` ones. */
export const papersFolder = resolve(corporaFolder, 'papers')
/** Labelled sets for ranking, screening, evidence, themes and duplicates. */
export const labelledSetsFolder = resolve(corporaFolder, 'data')
/** Answers recorded from the services that Sheaf asks. */
export const samplesFolder = resolve(corporaFolder, 'samples')

/**
 * `describe` for tests that need one of these folders. Where it is absent they are skipped by name, or fail when
 * SHEAF_REQUIRE_SERVICES=1 asks for everything.
 */
export function describeWith(folder: string, name: string, tests: () => void): void {
  if (existsSync(folder) || process.env.SHEAF_REQUIRE_SERVICES === '1') describe(name, tests)
  else describe.skip(`${name} (needs ${folder})`, tests)
}
