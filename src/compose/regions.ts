import type { Config } from '../config.ts'
import { SheafError } from '../errors.ts'
import { type Bindings, kindOfName } from '../regions/regions.ts'
import { liveSources } from '../sources/catalogue.ts'

/** Services that are asked for papers: the live sources, and who knows where papers are open. */
const services = [...liveSources.map(({ name }) => name), 'unpaywall']

/**
 * What the settings bind to regions. A name that is misspelt would bind nothing, and what it was meant to bind would be asked from
 * anywhere.
 * @throws {SheafError} `invalid_input` for a name of SHEAF_REGIONS that is no source, host or model here
 */
export function bindingsOf({
  regions = {},
  models = [],
  embeddings,
}: Pick<Config, 'regions' | 'models' | 'embeddings'>): Bindings {
  const set = [...models, ...(embeddings ? [embeddings] : [])].map(
    ({ provider, model }) => `${provider}/${model}`,
  )
  const bound = Object.entries(regions).map(([name, region]) => {
    const kind = kindOfName(name)
    if (kind === 'source' && !services.includes(name))
      throw new SheafError('invalid_input', `SHEAF_REGIONS: there is no source “${name}”.`, {
        advice: `Known are: ${services.join(', ')}. A host has a dot in its name, a model a slash.`,
      })
    if (kind === 'model' && !set.includes(name))
      throw new SheafError('invalid_input', `SHEAF_REGIONS: no model “${name}” is set.`, {
        advice: `Set are: ${set.join(', ') || 'none'}; see SHEAF_MODELS and SHEAF_EMBEDDINGS.`,
      })
    return [kind === 'host' ? name.toLowerCase() : name, region] as const
  })
  return Object.fromEntries(bound)
}

/** All regions that the settings name, in which there may be queues of their own. */
export function regionNames({ region, regions = {} }: Pick<Config, 'region' | 'regions'>): string[] {
  return [...new Set([...(region === undefined ? [] : [region]), ...Object.values(regions)])].sort()
}
