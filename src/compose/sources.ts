import type { Config } from '../config.ts'
import type { SessionSettings } from '../contract/settings.ts'
import { SheafError } from '../errors.ts'
import type { DocumentArchive } from '../pipeline/read/archive.ts'
import { type LiveSource, liveSources } from '../sources/catalogue.ts'
import { createGivenSource } from '../sources/given/given-source.ts'
import type { LibraryFiles } from '../sources/library/library-files.ts'
import { createLibrarySource } from '../sources/library/library-source.ts'
import type { LiveSourceOptions } from '../sources/live/search-source.ts'
import type { FullTextFinder, Source } from '../sources/source.ts'
import { createUnpaywallFinder } from '../sources/unpaywall/unpaywall-finder.ts'
import type { Upstream } from '../upstream/upstream.ts'

/** Names of all sources that a person may name. */
export const sourceNames: readonly string[] = ['library', ...liveSources.map(({ name }) => name)]

/** Names of the live sources that a review searches when none is named: those that serve everybody, and those with a key. */
export function usualSources(config: Config): string[] {
  return liveSources
    .filter(
      ({ usual, key }) =>
        usual === 'always' || (usual === 'with key' && key !== undefined && config[key] !== undefined),
    )
    .map(({ name }) => name)
}

/** What sources are made with. */
export interface SourceParts {
  readonly config: Config
  readonly upstream: Upstream
  readonly library: LibraryFiles
  readonly readDocument: DocumentArchive['readFile']
}

/** The sources that a session asks for, by name. @throws {SheafError} `invalid_input` for one there is not. */
export function sourcesFor(parts: SourceParts, settings: SessionSettings): ReadonlyMap<string, Source> {
  return new Map(settings.sources.map((name) => [name, sourceNamed(parts, settings, name)]))
}

function sourceNamed(
  parts: SourceParts,
  { libraryFolders, identifiers, maxRecords }: SessionSettings,
  name: string,
): Source {
  if (name === 'library')
    return createLibrarySource({
      folders: libraryFolders,
      files: parts.library,
      readDocument: parts.readDocument,
    }) as Source
  if (name === 'given')
    return createGivenSource({
      upstream: parts.upstream,
      identifiers,
      services: {
        arxiv: serviceOptions(parts, 'arxiv'),
        openalex: serviceOptions(parts, 'openalex'),
        crossref: serviceOptions(parts, 'crossref'),
        pubmed: serviceOptions(parts, 'pubmed'),
      },
    }) as Source
  const live = liveSources.find((candidate) => candidate.name === name)
  if (live) return live.make({ ...optionsFor(parts, live), limit: maxRecords }) as Source
  throw new SheafError('invalid_input', `There is no source named “${name}”.`, {
    advice: `Known are: ${sourceNames.join(', ')}.`,
  })
}

function serviceOptions(parts: SourceParts, name: string): LiveSourceOptions {
  return optionsFor(parts, liveSources.find((live) => live.name === name)!)
}

/** Services that know where full texts are open, beyond what records say. Unpaywall answers only to an address. */
export function fullTextFinders(parts: Pick<SourceParts, 'config' | 'upstream'>): FullTextFinder[] {
  const { config } = parts
  const usual = new Set(usualSources(config))
  const finders = liveSources
    .filter(({ name }) => usual.has(name))
    .flatMap((live) => live.makeFinder?.(optionsFor(parts, live)) ?? [])
  if (config.email === undefined) return finders
  return [...finders, createUnpaywallFinder(optionsFor(parts, { name: 'unpaywall' }))]
}

function optionsFor(
  { config, upstream }: Pick<SourceParts, 'config' | 'upstream'>,
  { name, key }: Pick<LiveSource, 'name' | 'key'>,
): LiveSourceOptions {
  return {
    upstream,
    endpoint: config.endpoints?.[name],
    apiKey: key === undefined ? undefined : config[key],
    email: config.email,
  }
}
