import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Report, reportSchema } from '../../src/contract/report.ts'
import { addressOf, type Laboratory, laboratoryQuestion, startLaboratory } from '../support/laboratory.ts'
import { createPlace, type Ended, eventsIn, type Place } from '../support/sheaf.ts'

/** A review of six papers, one of them at another host than the others, stopped wherever it asks. */
async function startAsking(lab: Laboratory, place: Place, options: readonly string[]) {
  const elsewhere = addressOf(lab.scholarly, 'good').replace('127.0.0.1', 'localhost')
  const hosts = lab.scholarly.allowedHosts
  const environment = {
    ...lab.withModels('openai'),
    SHEAF_ALLOWED_HOSTS: [...hosts, new URL(elsewhere).host].join(','),
  }
  const out = join(place.folder, 'review')
  const few = ['--max-records', '15', '--max-papers', '6', '--source', 'openalex', '--paper', elsewhere]
  const run = (...words: string[]) => place.start(words, environment).ended
  const asked = await run('research', laboratoryQuestion, '--out', out, ...few, ...options, '--json')
  const session = eventsIn(asked.stdout)[0]!.session
  return {
    asked,
    session,
    answer: (verb: 'approve' | 'reject', ...words: string[]) =>
      run('sessions', verb, session, ...words, '--json'),
    run,
    report: (): Report => reportSchema.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'))),
  }
}

/** The question of a run that stopped at a gate, and that it told how to answer. */
function questionOf({ code, stdout, stderr }: Ended, session: string): { gate: string; message: string } {
  expect(code).toBe(10)
  const { gate, message = '' } = JSON.parse(stdout.trim().split('\n').at(-1)!)
  expect(stderr).toContain(message)
  expect(stderr).toContain(`sheaf sessions approve ${session} [--${gate}`)
  return { gate, message }
}

test('plan, tokens, downloads and domains are asked for in turn, each after a restart, and what was agreed to is kept', async () => {
  await using lab = await startLaboratory()
  using place = await createPlace()
  const limits = ['--allow-tokens', '9000', '--allow-downloads', '2', '--allow-domains', 'papers.example']
  const { asked, session, answer, run, report } = await startAsking(lab, place, [
    '--review',
    'plan',
    ...limits,
  ])
  expect(questionOf(asked, session).gate).toBe('plan')
  expect(lab.scholarly.requests()).toEqual({})

  const tokens = await answer('approve')
  expect(questionOf(tokens, session)).toEqual({
    gate: 'tokens',
    message: expect.stringMatching(/^The next call may take [\d,]+ tokens, beyond the 9,000 tokens that/),
  })
  const spent = lab.models.calls().tokens
  expect(spent.input + spent.output).toBeLessThanOrEqual(9_000)
  const shown = await run('sessions', 'show', session)
  expect(shown.stdout).toContain(questionOf(tokens, session).message)
  expect(shown.stdout).toContain(`sheaf sessions approve ${session} [--tokens NUMBER]`)
  const wrong = await answer('approve', '--downloads', '4')
  expect(wrong).toMatchObject({ code: 64, stderr: expect.stringContaining('approval of the tokens') })

  const downloads = await answer('approve', '--tokens', '500000')
  expect(questionOf(downloads, session)).toEqual({
    gate: 'downloads',
    message: '6 full texts would be downloaded; 2 are allowed without asking.',
  })
  const domains = await answer('approve', '--downloads', '4')
  expect(questionOf(domains, session)).toEqual({
    gate: 'domains',
    message: 'Some full texts are only at hosts outside the allowed list: 127.0.0.1, localhost.',
  })
  expect(JSON.parse((await run('sessions', 'show', session, '--json')).stdout)).toMatchObject({
    status: 'waiting',
    gate: { gate: 'domains', state: 'pending', details: { domains: ['127.0.0.1', 'localhost'] } },
  })
  const servedBefore = Object.keys(lab.scholarly.requests()).filter((service) => service.startsWith('host:'))
  expect(servedBefore).toEqual([])

  expect(await answer('approve', '--domains', '127.0.0.1')).toMatchObject({ code: 0 })
  const { analyst, papers, prisma } = report()
  expect(analyst).toBe('openai/gpt-5.4-mini')
  expect(prisma.sought).toBe(6)
  expect(prisma.included).toBeGreaterThan(0)
  const refused = papers.filter(({ failure }) => failure?.code === 'not_approved')
  // Two beyond the number agreed to, and the one at the other host.
  expect(refused.map(({ failure }) => failure!.message).sort()).toEqual([
    'Its download was not agreed to.',
    'Its download was not agreed to.',
    'Its host is not on the allowed list.',
  ])
  const visited = papers.flatMap(({ retrieval = [] }) =>
    retrieval.filter(({ outcome }) => outcome === 'retrieved').map(({ url }) => new URL(url).hostname),
  )
  expect(new Set(visited)).toEqual(new Set(['127.0.0.1']))
  expect(lab.offences()).toEqual([])
  expect(lab.models.calls().paidTwice).toBe(0)
}, 120_000)

test('who rejects more tokens, downloads and domains gets a review of what was allowed, without a model', async () => {
  await using lab = await startLaboratory()
  using place = await createPlace()
  const limits = ['--allow-tokens', '9000', '--allow-downloads', '3', '--allow-domains', '127.0.0.1']
  const { asked, session, answer, run, report } = await startAsking(lab, place, limits)
  expect(questionOf(asked, session).gate).toBe('tokens')
  const { byTask } = lab.models.calls()
  const downloads = await answer('reject')
  expect(questionOf(downloads, session).gate).toBe('downloads')
  const domains = await answer('reject')
  expect(questionOf(domains, session)).toEqual({
    gate: 'domains',
    message: 'Some full texts are only at hosts outside the allowed list: localhost.',
  })
  expect(await answer('reject')).toMatchObject({ code: 0 })
  expect(lab.models.calls().byTask).toEqual(byTask)
  const { analyst, papers, prisma, reviewLimitations } = report()
  expect(analyst).toBe('openai/gpt-5.4-mini, extractive')
  expect(prisma.included).toBeGreaterThan(0)
  expect(prisma.notRetrieved).toContainEqual({ reason: 'not_approved', papers: 4 })
  expect(papers.filter(({ document }) => document !== undefined).length).toBeLessThanOrEqual(3)
  expect(reviewLimitations.join(' ')).toMatch(/\d papers could not be read or retrieved/)
  expect((await run('sessions', 'reject', session)).code).toBe(76)
  expect(lab.offences()).toEqual([])
}, 120_000)
