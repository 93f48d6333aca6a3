import type { Config } from '../config.ts'
import type { SessionSettings } from '../contract/settings.ts'
import { SheafError } from '../errors.ts'
import type { DocumentArchive } from '../pipeline/read/archive.ts'
import { createArxivFinder, createArxivSource } from '../sources/arxiv/arxiv-source.ts'
import { createCrossrefSource } from '../sources/crossref/crossref-source.ts'
import { createLibrarySource } from '../sources/library/library-source.ts'
import type { LiveSourceOptions } from '../sources/live/search-source.ts'
import { createOpenAlexSource } from '../sources/openalex/openalex-source.ts'
import { createSemanticScholarSource } from '../sources/semantic-scholar/semantic-scholar-source.ts'
import type { FullTextFinder, Source } from '../sources/source.ts'
import { createUnpaywallFinder } from '../sources/unpaywall/unpaywall-finder.ts'
import type { Upstream } from '../upstream/upstream.ts'

type Key = 'openAlexKey' | 'semanticScholarKey' | 'coreKey' | 'pubMedKey'

interface LiveSource {
  readonly key?: Key
  /** Whether a review that names no source searches it: without a key always, or once its key is set. */
  readonly usual: 'always' | 'with key' | 'when named'
  make(options: LiveSourceOptions): Source
}

/** Every live source by the name that plans, flags and endpoints know it by. */
const liveSources: Readonly<Record<string, LiveSource>> = {
  arxiv: { usual: 'always', make: (options) => createArxivSource(options) as Source },
  openalex: {
    key: 'openAlexKey',
    usual: 'always',
    make: (options) => createOpenAlexSource(options) as Source,
  },
  semanticscholar: {
    key: 'semanticScholarKey',
    usual: 'with key',
    make: (options) => createSemanticScholarSource(options) as Source,
  },
  crossref: { usual: 'when named', make: (options) => createCrossrefSource(options) as Source },
}

/** Names of all sources there are. */
export const sourceNames: readonly string[] = ['library', ...Object.keys(liveSources)]

/** Names of the live sources that a review searches when none is named: those that serve everybody, and those with a key. */
export function usualSources(config: Config): string[] {
  return Object.entries(liveSources)
    .filter(
      ([, { usual, key }]) =>
        usual === 'always' || (usual === 'with key' && key && config[key] !== undefined),
    )
    .map(([name]) => name)
}

/** What sources are made with. */
export interface SourceParts {
  readonly config: Config
  readonly upstream: Upstream
  readonly readDocument: DocumentArchive['readFile']
}

/** The sources that a session asks for, by name. @throws {SheafError} `invalid_input` for one there is not. */
export function sourcesFor(
  parts: SourceParts,
  { sources, libraryFolders, maxRecords }: SessionSettings,
): ReadonlyMap<string, Source> {
  return new Map(
    sources.map((name) => {
      if (name === 'library')
        return [
          name,
          createLibrarySource({ folders: libraryFolders, readDocument: parts.readDocument }) as Source,
        ] as const
      const live = liveSources[name]
      if (!live)
        throw new SheafError('invalid_input', `There is no source named “${name}”.`, {
          advice: `Known are: ${sourceNames.join(', ')}.`,
        })
      return [name, live.make({ ...optionsFor(parts, name, live.key), limit: maxRecords })] as const
    }),
  )
}

/** Services that know where full texts are open, beyond what records say. */
export function fullTextFinders(parts: Omit<SourceParts, 'readDocument'>): FullTextFinder[] {
  const unpaywall =
    parts.config.email === undefined ? [] : [createUnpaywallFinder(optionsFor(parts, 'unpaywall'))]
  return [createArxivFinder(), ...unpaywall]
}

function optionsFor(
  { config, upstream }: Omit<SourceParts, 'readDocument'>,
  name: string,
  key?: Key,
): LiveSourceOptions {
  return {
    upstream,
    endpoint: config.endpoints?.[name],
    apiKey: key === undefined ? undefined : config[key],
    email: config.email,
  }
}
