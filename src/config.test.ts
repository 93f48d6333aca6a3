import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { configFilePath, loadConfig } from './config.ts'
import { SheafError } from './errors.ts'

const emptyHome = () => mkdtempSync(join(tmpdir(), 'sheaf-config-'))

test('without any setting everything is a default', () => {
  const config = loadConfig({ XDG_DATA_HOME: '/x/data' }, '/work')
  expect(config.home).toBe('/x/data/sheaf')
  expect(config.reviews).toBe('/work/sheaf-reviews')
  expect(config.databaseUrl).toBeUndefined()
  expect(new Set(Object.values(config.origins))).toEqual(new Set(['default']))
})

test('the environment wins over config.json, which wins over the default', () => {
  const home = emptyHome()
  writeFileSync(configFilePath(home), JSON.stringify({ reviews: '/from/file', readerThreads: 3 }))
  const config = loadConfig({ SHEAF_HOME: home, SHEAF_READER_THREADS: '5' }, '/work')
  expect(config.reviews).toBe('/from/file')
  expect(config.readerThreads).toBe(5)
  expect(config.origins).toMatchObject({
    home: 'environment',
    reviews: 'config.json',
    readerThreads: 'environment',
  })
})

test.each([
  ['SHEAF_READER_THREADS', 'many'],
  ['SHEAF_READER_THREADS', '0'],
  ['DATABASE_URL', 'mysql://here'],
  ['REDIS_URL', 'not an address'],
  ['SHEAF_PUBLIC_URL', 'http://sheaf.example.org'],
  ['SHEAF_PUBLIC_URL', 'http://localhost.example.org'],
  ['SHEAF_OIDC_ISSUER', 'http://127.0.0.1@login.example.org'],
  ['SHEAF_REQUIRE_LOGIN', 'yes'],
  ['SHEAF_TRUST_PROXY', 'everybody'],
  ['SHEAF_METRICS', '9464'],
  ['SHEAF_METRICS', '127.0.0.1:65536'],
  ['SHEAF_METRICS', 'http://127.0.0.1:9464'],
  ['SHEAF_LOG', 'verbose'],
  ['SHEAF_REGION', 'Europe'],
  ['SHEAF_REGIONS', 'pubmed'],
])('a wrong %s is refused by name', (variable, value) => {
  const load = () => loadConfig({ SHEAF_HOME: emptyHome(), [variable]: value }, '/work')
  expect(load).toThrow(
    expect.objectContaining({ code: 'invalid_input', message: expect.stringContaining(variable) }),
  )
})

test('where metrics are had is read from the environment, and as it is kept', () => {
  const home = emptyHome()
  for (const [text, host] of [
    ['127.0.0.1:9464', '127.0.0.1'],
    ['[::1]:9464', '::1'],
    ['metrics.example:9464', 'metrics.example'],
  ] as const) {
    const { metrics } = loadConfig({ SHEAF_HOME: home, SHEAF_METRICS: text }, '/work')
    expect(metrics).toEqual({ host, port: 9464 })
    writeFileSync(configFilePath(home), JSON.stringify({ metrics }))
    expect(loadConfig({ SHEAF_HOME: home }, '/work').metrics).toEqual(metrics)
  }
})

test('Redis without a shared database is refused, with what to do', () => {
  const load = () => loadConfig({ SHEAF_HOME: emptyHome(), REDIS_URL: 'redis://localhost' }, '/work')
  expect(load).toThrow(expect.objectContaining({ advice: expect.stringContaining('DATABASE_URL') }))
})

test.each([{ SHEAF_REGION: 'eu' }, { SHEAF_REGIONS: 'pubmed=us' }])(
  'regions without a shared database are refused, with what to do',
  (environment) => {
    const load = () => loadConfig({ SHEAF_HOME: emptyHome(), ...environment }, '/work')
    expect(load).toThrow(expect.objectContaining({ advice: expect.stringContaining('DATABASE_URL') }))
  },
)

test('OpenID Connect is set up whole or not at all, and addresses are taken as browsers send them', () => {
  const load = (environment: NodeJS.ProcessEnv) =>
    loadConfig({ SHEAF_HOME: emptyHome(), ...environment }, '/work')
  const issuer = { SHEAF_OIDC_ISSUER: 'https://login.example.org' }
  for (const half of [issuer, { ...issuer, SHEAF_OIDC_CLIENT_ID: 'sheaf' }])
    expect(() => load(half)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  const whole = {
    ...issuer,
    SHEAF_OIDC_CLIENT_ID: 'sheaf',
    SHEAF_PUBLIC_URL: 'https://Sheaf.Example.org:443/',
  }
  expect(load(whole)).toMatchObject({
    publicUrl: 'https://sheaf.example.org',
    oidcIssuer: 'https://login.example.org/',
  })
})

test.each([['{'], ['{"redis": 1}'], ['[]']])('a config.json of %s is refused by its path', (text) => {
  const home = emptyHome()
  writeFileSync(configFilePath(home), text)
  try {
    loadConfig({ SHEAF_HOME: home }, '/work')
    expect.unreachable()
  } catch (thrown) {
    expect(SheafError.isInstance(thrown)).toBe(true)
    expect((thrown as SheafError).message).toContain(configFilePath(home))
  }
})

test('a bucket is named with its prefix, and nothing that could lead out of it', () => {
  const home = emptyHome()
  const blobs = (value: string) => loadConfig({ SHEAF_HOME: home, SHEAF_BLOBS: value }, '/work').blobs
  expect(blobs('s3://team-papers')).toEqual({ bucket: 'team-papers', prefix: '' })
  expect(blobs('s3://team-papers/')).toEqual({ bucket: 'team-papers', prefix: '' })
  expect(blobs('s3://team-papers/a/b.c/')).toEqual({ bucket: 'team-papers', prefix: 'a/b.c' })
  for (const wrong of [
    'team',
    's3://',
    's3://a',
    's3://Team/x',
    's3://team/../x',
    's3://team/a//b',
    's3://team/a?b',
    'gs://team/x',
  ])
    expect(() => blobs(wrong)).toThrow('SHEAF_BLOBS')
})
