import { createArxivFinder, createArxivSource } from './arxiv/arxiv-source.ts'
import { createCoreFinder, createCoreSource } from './core/core-source.ts'
import { createCrossrefSource } from './crossref/crossref-source.ts'
import { createEuropePmcSource } from './europepmc/europepmc-source.ts'
import type { LiveSourceOptions, SearchItem } from './live/search-source.ts'
import { createOpenAlexFinder, createOpenAlexSource } from './openalex/openalex-source.ts'
import { createPubmedSource } from './pubmed/pubmed-source.ts'
import {
  createSemanticScholarFinder,
  createSemanticScholarSource,
} from './semantic-scholar/semantic-scholar-source.ts'
import type { FullTextFinder, Source } from './source.ts'

/** A source of papers on the web. */
export interface LiveSource {
  /** As plans, records, flags and endpoints know it. */
  readonly name: string
  /** As people know it. */
  readonly title: string
  /** Where it is, for who asks whether it can be reached. */
  readonly address: string
  /** The setting that holds its key, for those that give keys. All work without one. */
  readonly key?: 'openAlexKey' | 'semanticScholarKey' | 'coreKey' | 'pubMedKey'
  /** What a key or an address changes, as one sentence; absent where nothing does. */
  readonly withKey?: string
  /** Whether a review that names no source searches it: `always`, once its key is set, or only when it is named. */
  readonly usual: 'always' | 'with key' | 'when named'
  /** Whether it can follow references and citations. */
  readonly chases: boolean
  make(options: LiveSourceOptions): Source<SearchItem>
  /** Finds open places of works that other sources found, where it can. */
  makeFinder?(options: LiveSourceOptions): FullTextFinder
}

/** Every live source, in the order in which people are shown them. */
export const liveSources: readonly LiveSource[] = [
  {
    name: 'arxiv',
    title: 'arXiv',
    address: 'https://export.arxiv.org',
    usual: 'always',
    chases: false,
    make: createArxivSource,
    makeFinder: createArxivFinder,
  },
  {
    name: 'openalex',
    title: 'OpenAlex',
    address: 'https://api.openalex.org',
    key: 'openAlexKey',
    withKey: 'A free key gives 1,000 searches a day instead of 100.',
    usual: 'always',
    chases: true,
    make: createOpenAlexSource,
    makeFinder: createOpenAlexFinder,
  },
  {
    name: 'semanticscholar',
    title: 'Semantic Scholar',
    address: 'https://api.semanticscholar.org',
    key: 'semanticScholarKey',
    withKey: 'A key gives a request a second of one’s own; without one a crowded pool often refuses.',
    usual: 'with key',
    chases: true,
    make: createSemanticScholarSource,
    makeFinder: createSemanticScholarFinder,
  },
  {
    name: 'crossref',
    title: 'Crossref',
    address: 'https://api.crossref.org',
    withKey: 'An email address gives three requests a second instead of one.',
    usual: 'when named',
    chases: false,
    make: createCrossrefSource,
  },
  {
    name: 'europepmc',
    title: 'Europe PMC',
    address: 'https://www.ebi.ac.uk',
    usual: 'when named',
    chases: false,
    make: createEuropePmcSource,
  },
  {
    name: 'pubmed',
    title: 'PubMed',
    address: 'https://eutils.ncbi.nlm.nih.gov',
    key: 'pubMedKey',
    withKey: 'A key gives ten requests a second instead of three.',
    usual: 'with key',
    chases: false,
    make: createPubmedSource,
  },
  {
    name: 'core',
    title: 'CORE',
    address: 'https://api.core.ac.uk',
    key: 'coreKey',
    withKey: 'A key keeps your requests apart from those of others at your address.',
    usual: 'with key',
    chases: false,
    make: createCoreSource,
    makeFinder: createCoreFinder,
  },
]
