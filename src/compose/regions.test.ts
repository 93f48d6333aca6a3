import { expect, test } from 'vitest'
import { loadConfig } from '../config.ts'
import { bindingsOf, regionNames } from './regions.ts'

const load = (regions: string) =>
  loadConfig(
    {
      SHEAF_HOME: '/nowhere',
      DATABASE_URL: 'postgres://localhost/sheaf',
      SHEAF_MODELS: 'openai/gpt-5.4-mini',
      SHEAF_EMBEDDINGS: 'google/text',
      SHEAF_REGION: 'ch',
      SHEAF_REGIONS: regions,
    },
    '/work',
  )

test('sources, hosts and models are bound, and their regions known', () => {
  const config = load('pubmed=us, unpaywall=us,Journals.Example.EU=eu,openai/gpt-5.4-mini=eu,google/text=us')
  expect(bindingsOf(config)).toEqual({
    pubmed: 'us',
    unpaywall: 'us',
    'journals.example.eu': 'eu',
    'openai/gpt-5.4-mini': 'eu',
    'google/text': 'us',
  })
  expect(regionNames(config)).toEqual(['ch', 'eu', 'us'])
})

test.each([
  ['pubmad=us', 'there is no source “pubmad”', 'arxiv, openalex'],
  ['openai/gpt-5=eu', 'no model “openai/gpt-5” is set', 'openai/gpt-5.4-mini, google/text'],
])('%s is refused, with what would do', (regions, message, advice) => {
  expect(() => bindingsOf(load(regions))).toThrow(
    expect.objectContaining({
      code: 'invalid_input',
      message: expect.stringContaining(message),
      advice: expect.stringContaining(advice),
    }),
  )
})
