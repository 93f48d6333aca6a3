import { shareOf } from './random.ts'
import type { Topic } from './topics/topic.ts'

/** Services that know papers. Unpaywall knows those that have a DOI of Crossref's. */
export const paperServices = [
  'arxiv',
  'openalex',
  'semanticscholar',
  'crossref',
  'europepmc',
  'pubmed',
  'core',
] as const
export type PaperService = (typeof paperServices)[number]

/** The share of a field's papers that a service has. */
const shares: Readonly<Record<PaperService, Readonly<Record<Topic['field'], number>>>> = {
  arxiv: { preprint: 0.75, mixed: 0.3, life: 0.04 },
  openalex: { preprint: 0.93, mixed: 0.93, life: 0.93 },
  semanticscholar: { preprint: 0.9, mixed: 0.85, life: 0.85 },
  crossref: { preprint: 0.7, mixed: 0.85, life: 0.9 },
  europepmc: { preprint: 0.02, mixed: 0.25, life: 0.85 },
  pubmed: { preprint: 0, mixed: 0.2, life: 0.8 },
  core: { preprint: 0.5, mixed: 0.4, life: 0.4 },
}

/** Whether a service has a paper. OpenAlex has what would be nowhere otherwise. */
export function isIn(seed: number, index: number, field: Topic['field'], service: PaperService): boolean {
  const has = (name: PaperService): boolean =>
    shareOf(seed, index, 20 + paperServices.indexOf(name)) < shares[name][field]
  return has(service) || (service === 'openalex' && !paperServices.some(has))
}
