import { z } from 'zod'
import { SheafError } from '../../errors.ts'
import type { Service } from '../../upstream/upstream.ts'
import { jsonOf, list, text } from '../live/answers.ts'
import { locationsOf } from '../live/record.ts'
import type { LiveSourceOptions } from '../live/search-source.ts'
import type { FullTextFinder } from '../source.ts'

const locationSchema = z.object({
  url_for_pdf: text,
  url_for_landing_page: text,
  url: text,
  version: text,
  license: text,
})
const answerSchema = z.object({
  best_oa_location: locationSchema.nullish().catch(null),
  oa_locations: list(locationSchema),
})

/** Unpaywall asks for at most 100,000 requests a day. */
export const unpaywallService: Service = {
  name: 'unpaywall',
  title: 'Unpaywall',
  limits: [
    { name: 'requests', max: 100_000, window: 24 * 60 * 60 * 1000 },
    { name: 'burst', max: 10, window: 1_000 },
  ],
  patience: 30_000,
  timeout: 30_000,
  attempts: 4,
  guarded: false,
}

/**
 * Open places that Unpaywall knows for a DOI of Crossref's, its best first.
 * @throws {SheafError} `invalid_input` without an email address, which every request must carry
 */
export function createUnpaywallFinder({
  upstream,
  endpoint = 'https://api.unpaywall.org',
  email,
}: LiveSourceOptions): FullTextFinder {
  if (email === undefined) {
    throw new SheafError('invalid_input', 'Unpaywall answers only those who give an email address.', {
      advice: 'Set an email address, or go without Unpaywall.',
    })
  }
  return {
    name: 'unpaywall',
    async find({ doi }, signal) {
      if (doi === undefined) return []
      const url = `${endpoint}/v2/${encodeURIComponent(doi)}?${new URLSearchParams({ email })}`
      const response = await upstream.request({ service: unpaywallService, url, cache: 'search', signal })
      if (response.status === 404) return []
      const { best_oa_location, oa_locations } = jsonOf(unpaywallService, response, answerSchema)
      return locationsOf(
        [best_oa_location, ...oa_locations].map((location) => ({
          url: location?.url_for_pdf ?? location?.url_for_landing_page ?? location?.url,
          version: location?.version,
          license: location?.license,
          isPdf: location?.url_for_pdf != null,
        })),
      )
    },
  }
}
