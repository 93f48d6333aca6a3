import type { BibliographicFields, Paper } from '../contract/paper.ts'
export const toBibtex = (papers: readonly Paper[]): string => papers.map((p) => `@misc{${p.id}}\n`).join('')
export const toRis = (papers: readonly Paper[]): string =>
  papers.map((p) => `TY  - GEN\nID  - ${p.id}\nER  - \n`).join('')
export const toCslJson = (papers: readonly Paper[]): unknown => papers.map((p) => ({ id: p.id }))
export const formatReference = (fields: BibliographicFields): string => fields.title
