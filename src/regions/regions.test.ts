import { describe, expect, test } from 'vitest'
import { kindOfName, regionOf } from './regions.ts'

const bindings = {
  pubmed: 'us',
  'example.eu': 'eu',
  'papers.example.eu': 'ch',
  'openai/gpt-5.4-mini': 'eu',
  '127.0.0.1': 'lab',
}

describe('what is asked from one region alone', () => {
  test.each([
    ['a source, wherever it is', { service: 'pubmed', host: 'eutils.ncbi.nlm.nih.gov' }, 'us'],
    ['a source before its host', { service: 'pubmed', host: 'example.eu' }, 'us'],
    ['a host', { service: 'host:example.eu', host: 'example.eu' }, 'eu'],
    ['its subdomain, however it is written', { service: 'host:x', host: 'Journals.Example.EU' }, 'eu'],
    ['the nearest name', { service: 'host:x', host: 'old.papers.example.eu' }, 'ch'],
    ['an address', { service: 'host:127.0.0.1:80', host: '127.0.0.1' }, 'lab'],
    ['no host that only ends alike', { service: 'host:x', host: 'notexample.eu' }, undefined],
    ['no source that is not named', { service: 'constructor', host: 'api.openalex.org' }, undefined],
    ['a model', { model: 'openai/gpt-5.4-mini' }, 'eu'],
    ['no other model', { model: 'openai/gpt-5.4' }, undefined],
  ])('%s', (_, asked, region) => expect(regionOf(bindings, asked)).toBe(region))

  test.each([
    ['openai/gpt-5.4', 'model'],
    ['example.eu', 'host'],
    ['pubmed', 'source'],
  ])('%s names a %s', (name, kind) => expect(kindOfName(name)).toBe(kind))
})
