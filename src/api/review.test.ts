import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApi, type TestApi } from '../../test/support/api.ts'
import { notesFolder } from '../../test/support/sheaf.ts'
import { createClient, type SheafClient } from '../client/client.ts'
import { reportFileTypes } from '../contract/api/report.ts'

/** One review of the bundled notes, made, steered and read through the API alone; the tests go on from each other. */
describe('a review through the API', () => {
  let api: TestApi
  let client: SheafClient
  let conversation: string
  let session: string
  beforeAll(async () => {
    api = await openTestApi()
    await api.app.startWorkers()
    client = createClient({
      url: 'http://127.0.0.1:4320',
      fetch: async (input, init) => api.api.request(input as string, init),
    })
  })
  afterAll(async () => {
    await api[Symbol.asyncDispose]()
    expect(api.faults).toEqual([])
  })

  const v1 = () => client.api.v1
  const status = async () => (await (await of().$get({ param: { session } })).json()).status
  const of = () => v1().sessions[':session']
  const untilItIs = (wanted: string) => expect.poll(status, { timeout: 25_000, interval: 100 }).toBe(wanted)
  const say = async (json: Parameters<ReturnType<typeof messages>['$post']>[0]['json']) =>
    (await messages().$post({ param: { conversation }, json })).json()
  const messages = () => v1().conversations[':conversation'].messages
  const everything = { param: { session: '' }, query: { limit: '200' } }

  test('a question starts it, and it waits with its plan', async () => {
    conversation = (await (await v1().conversations.$post({ json: {} })).json()).id
    const accepted = await say({
      text: 'How are quotations matched to the pages of a paper?',
      settings: { analyst: 'extractive', libraryFolders: [notesFolder], reviewPlan: true },
    })
    session = accepted.session_id
    expect(accepted).toMatchObject({ job_id: `${session}-1`, after: 0, message: 1 })
    const { title } = await (
      await v1().conversations[':conversation'].$get({ param: { conversation } })
    ).json()
    expect(title).toBe('How are quotations matched to the pages of a paper?')
    await untilItIs('waiting')
  })

  test('words that are neither yes nor no are not taken for an approval', async () => {
    await expect(say({ text: 'What is this?' })).rejects.toMatchObject({ code: 'conflict' })
    await expect(say({ text: 'What is this?', kind: 'follow_up' })).rejects.toMatchObject({
      code: 'conflict',
    })
    expect(await status()).toBe('waiting')
  })

  test('an edited plan is approved by a message, and the review ends with its report', async () => {
    const { plan } = await (await of().$get({ param: { session } })).json()
    const edited = { ...plan!, inclusion: ['It is about quotations.'] }
    const accepted = await say({ plan: edited, text: 'With this criterion.' })
    expect(accepted.job_id).toBe(`${session}-2`)
    await untilItIs('finished')
    expect((await (await of().$get({ param: { session } })).json()).plan?.inclusion).toEqual(edited.inclusion)
  })

  test('every file of the report is served as it stands in its folder', async () => {
    const { outputFolder } = await (await of().$get({ param: { session } })).json()
    for (const [file, type] of Object.entries(reportFileTypes)) {
      const answer = await api.send('GET', `/sessions/${session}/report/${file}`)
      expect([file, answer.status, answer.headers.get('Content-Type')]).toEqual([file, 200, type])
      expect(answer.headers.get('Content-Security-Policy')).toContain('sandbox')
      expect(await answer.text()).toBe(readFileSync(join(outputFolder!, file), 'utf8'))
    }
    for (const file of ['..%2Fmanifest.json', 'secret.txt', '%2Fetc%2Fpasswd'])
      expect((await api.send('GET', `/sessions/${session}/report/${file}`)).status).toBe(400)
  })

  test('what it found can be read, and is what the report says', async () => {
    const asked = { ...everything, param: { session } }
    const file = await (await api.send('GET', `/sessions/${session}/report/report.json`)).json()
    const report = file as Record<string, { id: string }[]>
    const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id).sort()
    expect(ids((await (await of().papers.$get(asked)).json()).items)).toEqual(ids(report.papers!))
    expect(ids((await (await of().themes.$get(asked)).json()).items)).toEqual(ids(report.themes!))
    expect(ids((await (await of().gaps.$get(asked)).json()).items)).toEqual(ids(report.gaps!))
    const claims = (await (await of().claims.$get(asked)).json()).items
    expect(ids(claims.map(({ claim }) => claim))).toEqual(ids(report.claims!))
    expect(claims.every(({ claim, audit }) => audit?.claimId === claim.id)).toBe(true)
    expect((await (await of().decisions.$get(asked)).json()).items).toHaveLength(report.decisions!.length)
    expect(await (await of().matrix.$get(asked)).json()).toEqual(report.matrix)
    expect(await (await of().prisma.$get(asked)).json()).toEqual(report.prisma)
    expect((await (await of().documents.$get(asked)).json()).items).toEqual(report.documents)
    for (const list of ['records', 'relations', 'cards', 'rejected'])
      expect((await api.send('GET', `/sessions/${session}/${list}`)).status).toBe(200)
  })

  test('pages of a list follow each other without gap or repeat', async () => {
    const all = (await (await of().evidence.$get({ ...everything, param: { session } })).json()).items
    const found: string[] = []
    for (let after: string | undefined = ''; after !== undefined; ) {
      const query: { limit: string; after?: string } = { limit: '7', ...(after !== '' && { after }) }
      const page = await (await of().evidence.$get({ param: { session }, query })).json()
      found.push(...page.items.map(({ id }) => id))
      after = page.next
    }
    expect(found.slice(0, all.length)).toEqual(all.map(({ id }) => id))
    expect(new Set(found).size).toBe(found.length)
  })

  test('a quotation is shown on its page with its words marked', async () => {
    const [quoted] = (await (await of().evidence.$get({ ...everything, param: { session } })).json()).items
    const { span, highlights } = await (
      await of().evidence[':span'].$get({ param: { session, span: quoted!.id } })
    ).json()
    expect(span).toEqual(quoted)
    expect(highlights[0]!.rectangles.length).toBeGreaterThan(0)
    const { document, ranges } = span.locator
    const page = `/sessions/${session}/documents/${document}/pages/${ranges[0]!.page}`
    const { text } = (await (await api.send('GET', page)).json()) as { text: string }
    expect(text.length).toBeGreaterThanOrEqual(ranges[0]!.end)
    const png = Buffer.from(await (await api.send('GET', `${page}/picture`)).arrayBuffer())
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    const svg = await (await api.send('GET', `/sessions/${session}/evidence/${span.id}/picture`)).text()
    expect(svg.match(/<rect /g)).toHaveLength(highlights[0]!.rectangles.length)
    expect((await api.send('GET', `/sessions/${session}/evidence/${span.id}/picture?place=1`)).status).toBe(
      highlights.length > 1 ? 200 : 404,
    )
    const foreign = `/sessions/${session}/documents/${'0'.repeat(64)}/pages/1`
    expect((await api.send('GET', foreign)).status).toBe(404)
  })

  test('a question about it is answered from its evidence, with citations', async () => {
    const accepted = await say({ text: 'How many quotations are found on their pages after folding?' })
    expect(accepted).toMatchObject({ session_id: session, message: 3, answer: 4 })
    const read = async () =>
      (await (await messages().$get({ param: { conversation }, query: {} })).json()).items
    await expect
      .poll(async () => (await read()).at(-1)!.value, { timeout: 20_000 })
      .toMatchObject({
        state: 'answered',
      })
    const { value } = (await read()).at(-1)!
    if (value.role !== 'sheaf') throw new Error('not an answer')
    const spans = (await (await of().evidence.$get({ ...everything, param: { session } })).json()).items
    for (const { citations } of value.sentences) {
      expect(citations.length).toBeGreaterThan(0)
      for (const { span, quotation } of citations)
        expect(spans.find(({ id }) => id === span)?.quotation).toBe(quotation)
    }
  })

  test('what the papers do not say is not answered', async () => {
    const accepted = await say({ text: 'Which volcanoes erupted in Iceland?' })
    const answer = async () => {
      const query = { after: String(accepted.answer! - 1) }
      return (await (await messages().$get({ param: { conversation }, query })).json()).items[0]!.value
    }
    await expect.poll(answer, { timeout: 20_000 }).toMatchObject({
      state: 'silent',
      text: 'The reviewed papers do not say.',
      sentences: [],
    })
  })

  test('a person’s decision stands over screening’s, and only what rests on it is done again', async () => {
    const asked = { ...everything, param: { session } }
    const before = (await (await of().decisions.$get(asked)).json()).items
    const core = before.filter(({ tier }) => tier === 'core')
    const paperId = core[0]!.paperId
    const started = await tasksStarted(api, session)
    const answer = await of().decisions.$patch({
      param: { session },
      json: { decisions: [{ paperId, tier: 'exclude', reason: 'not of interest' }] },
    })
    expect((await answer.json()).job_id).toBe(`${session}-3`)
    await untilItIs('finished')
    const after = (await (await of().decisions.$get(asked)).json()).items
    expect(after.find((decision) => decision.paperId === paperId)).toMatchObject({
      tier: 'exclude',
      decidedBy: 'person',
      rationale: 'Excluded by a person: not of interest',
    })
    expect(after.filter((one) => one.paperId !== paperId)).toEqual(
      before.filter((one) => one.paperId !== paperId),
    )
    const report = await (await api.send('GET', `/sessions/${session}/report/report.json`)).json()
    const { citations } = report as { citations: { paperId: string }[] }
    expect(citations.filter((citation) => citation.paperId === paperId)).toEqual([])
    const again = await tasksStarted(api, session)
    for (const [key, count] of started)
      if (/^(plan|list|fetch|merge|screen|read|extract)\//.test(key))
        expect([key, again.get(key)]).toEqual([key, count])
  })

  test('a paper that becomes background is only listed elsewhere', async () => {
    const { items } = await (await of().decisions.$get({ ...everything, param: { session } })).json()
    const excluded = items.find(({ tier }) => tier === 'exclude')!
    const { items: themes } = await (await of().themes.$get({ ...everything, param: { session } })).json()
    await of().decisions.$patch({
      param: { session },
      json: { decisions: [{ paperId: excluded.paperId, tier: 'background' }] },
    })
    await untilItIs('finished')
    expect((await (await of().themes.$get({ ...everything, param: { session } })).json()).items).toEqual(
      themes,
    )
    expect((await api.send('GET', `/sessions/${session}/prisma`)).status).toBe(200)
  })

  test('a decision on a paper that is not there changes nothing', async () => {
    const json = { decisions: [{ paperId: 'nobody', tier: 'core' as const }] }
    await expect(of().decisions.$patch({ param: { session }, json })).rejects.toMatchObject({
      code: 'not_found',
    })
    expect(await status()).toBe('finished')
  })
})

async function tasksStarted({ app }: TestApi, session: string): Promise<Map<string, number>> {
  const rows = await app.deployment.sql
    .selectFrom('tasks')
    .select(['key', 'started'])
    .where('session', '=', session)
    .execute()
  return new Map(rows.map(({ key, started }) => [key, started]))
}
