import { once } from 'node:events'
import { createConnection } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { locationKinds } from '../corpus/locations.ts'
import { type RunningLab, startLab } from '../lab.ts'

let lab: RunningLab
let clock = 0
afterEach(() => lab.close())

async function start() {
  clock = Date.UTC(2026, 10, 24)
  lab = await startLab({ papers: 4_000, politeHosts: 2, now: () => clock })
  const of = new Map<string, string[]>()
  for (let index = 0; index < lab.corpus.size; index++) {
    if (!lab.corpus.isIn(index, 'openalex')) continue
    const kind = lab.corpus.paper(index).location
    of.set(kind, [...(of.get(kind) ?? []), String(index)])
  }
  return (kind: (typeof locationKinds)[number], pick: (index: number) => boolean = () => true) => {
    clock += 1_000
    const index = Number(of.get(kind)!.find((text) => pick(Number(text))))
    return lab.fullTextOf(index)!
  }
}
const head = async (response: Response) =>
  Buffer.from(await response.arrayBuffer())
    .subarray(0, 5)
    .toString()

describe('the simulated hosts of full texts', () => {
  it('give PDFs at once, slowly, by detours and under wrong names', async () => {
    const address = await start()
    for (const kind of ['good', 'slow', 'wrong-type', 'redirected'] as const) {
      const response = await fetch(address(kind))
      expect([kind, response.status, await head(response)]).toEqual([kind, 200, '%PDF-'])
    }
    const hop = await fetch(address('redirected'), { redirect: 'manual' })
    expect([hop.status, hop.headers.get('location')]).toEqual([301, expect.stringMatching(/\?hop=1$/)])
    const detour = address('redirected')
    const end = await fetch(detour)
    expect(new URL(end.url).host).not.toBe(new URL(detour).host)
    expect(lab.violationCounts()).toEqual({})
    await fetch(detour)
    expect(lab.violationCounts()).toEqual({ too_fast: 2 })
    expect(new Set(lab.violations().map(({ service }) => service)).size).toBe(2)
    expect((await fetch(address('wrong-type', (index) => index % 2 === 1))).headers.get('content-type')).toBe(
      'application/octet-stream',
    )
  })

  it('refuse, dress up web pages, and lead astray', async () => {
    const address = await start()
    expect((await fetch(address('forbidden'))).status).toBe(403)
    const html = await fetch(address('html'))
    expect([html.status, (await html.text()).slice(0, 15)]).toEqual([200, '<!DOCTYPE html>'])
    await expect(fetch(address('redirect-loop'))).rejects.toThrow()
    for (const [odd, target] of [
      [0, 'http://10.0.0.1/internal.pdf'],
      [1, 'http://169.254.169.254/latest/meta-data/'],
    ] as const) {
      const response = await fetch(
        address('redirect-private', (index) => index % 2 === odd),
        { redirect: 'manual' },
      )
      expect(response.headers.get('location')).toBe(target)
    }
  })

  it('cut bodies short, openly and in silence', async () => {
    const address = await start()
    const open = await fetch(address('truncated', (index) => index % 2 === 0))
    await expect(open.arrayBuffer()).rejects.toThrow()
    const silent = Buffer.from(
      await (await fetch(address('truncated', (index) => index % 2 === 1))).arrayBuffer(),
    )
    expect(silent.subarray(0, 5).toString()).toBe('%PDF-')
    expect(silent.includes('%%EOF')).toBe(false)
  })

  it('send far more than any paper has, stopping when nobody takes it', async () => {
    const address = await start()
    for (const [kind, expected] of [
      ['huge', 200],
      ['gzip-bomb', 200],
    ] as const) {
      const response = await fetch(address(kind))
      expect(response.status).toBe(expected)
      let bytes = 0
      for await (const part of response.body!) {
        bytes += part.byteLength
        if (bytes > 30_000_000) break
      }
      expect(bytes).toBeGreaterThan(30_000_000)
    }
  })

  it('mind haste and many connections', async () => {
    const address = await start()
    const url = address('good')
    await fetch(url)
    await fetch(url)
    expect(lab.violationCounts()).toEqual({ too_fast: 1 })
    expect(lab.violations()[0]!.service).toMatch(/^host:polite-/)
    const slow = new URL(address('slow'))
    const sockets = [1, 2, 3].map(() => {
      const socket = createConnection(Number(slow.port), '127.0.0.1')
      socket.write(`GET ${slow.pathname} HTTP/1.1\r\nhost: ${slow.host}\r\n\r\n`)
      return socket
    })
    await Promise.all(sockets.map((socket) => once(socket, 'data')))
    for (const socket of sockets) socket.destroy()
    expect(lab.violationCounts().too_many_connections).toBe(1)
  })

  it('have nothing else', async () => {
    const address = await start()
    const { origin } = new URL(address('good'))
    for (const path of ['/good/x.pdf', '/good/9999999.pdf', '/constructor/1.pdf', '/none/1.pdf'])
      expect((await fetch(`${origin}${path}`)).status).toBe(404)
    expect(new Set(locationKinds).size).toBe(12)
  })
})
