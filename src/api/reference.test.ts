import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type TestApi } from '../../test/support/api.ts'
import { renderReference } from './reference.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api[Symbol.asyncDispose]())

test('describes every route of the document, and may run no script', async () => {
  const document = (await (await api.send('GET', '/openapi.json')).json()) as {
    paths: Record<string, Record<string, { summary: string }>>
    components: { schemas: Record<string, unknown> }
  }
  const answer = await api.send('GET', '/reference')
  expect(answer.headers.get('Content-Security-Policy')).toContain("default-src 'none'")
  const page = await answer.text()
  for (const [path, methods] of Object.entries(document.paths)) {
    expect(page).toContain(`<code>${path}</code>`)
    for (const { summary } of Object.values(methods)) expect(page).toContain(summary)
  }
  for (const name of Object.keys(document.components.schemas)) expect(page).toContain(`id="schema-${name}"`)
  expect(page).not.toContain('<script')
})

test('every route is described: no handler answers below /api/v1 that the document does not name', async () => {
  const document = (await (await api.send('GET', '/openapi.json')).json()) as {
    paths: Record<string, Record<string, unknown>>
  }
  const described = new Set(
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    ),
  )
  const undescribed = api.api.routes
    .filter(({ method, path }) => method !== 'ALL' && !/\/(?:openapi\.json|reference)$/.test(path))
    .map(({ method, path }) => `${method} ${path}`)
    .filter((route) => !described.has(route))
  expect(undescribed).toEqual([])
})

test('markup in a description is shown, not followed', () => {
  const page = renderReference({
    info: { title: '<script>alert(1)</script>', version: '1' },
    paths: { '/<img src=x>': { get: { summary: '<b onclick=x>', responses: {} } } },
  })
  expect(page).not.toMatch(/<script>|<img|<b onclick/)
})
