import { readFileSync } from 'node:fs'
import { z } from 'zod'

const packageFile = z
  .object({ version: z.string(), dependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')))

/** Sheaf's own version. */
export const version = packageFile.version

/** What a review's result depends on, for its manifest: Sheaf, Node.js, and the libraries that read and judge. */
export function versions(): Record<string, string> {
  const libraries = ['@embedpdf/pdfium', 'graphology-communities-louvain']
  return {
    sheaf: version,
    node: process.versions.node,
    unicode: process.versions.unicode ?? 'unknown',
    ...Object.fromEntries(libraries.map((name) => [name, packageFile.dependencies[name] ?? 'missing'])),
  }
}

/** Names the way in which pages are drawn: whatever draws otherwise has another name. The number grows with our own part. */
export function drawing(): string {
  return `1-pdfium-${packageFile.dependencies['@embedpdf/pdfium']}`
}
