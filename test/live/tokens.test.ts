import { expect, test } from 'vitest'
import { createPlace } from '../support/sheaf.ts'

test('a server for others needs logins, and a token made before it starts is one', async () => {
  using place = await createPlace()
  const open = await place.sheaf('serve', '--host', '0.0.0.0', '--port', '0')
  expect([open.code, open.stdout]).toEqual([64, ''])
  expect(open.stderr).toContain('SHEAF_REQUIRE_LOGIN=true')

  const made = await place.sheaf('tokens', 'create', 'first', '--scope', 'admin', '--user', 'anna')
  const token = made.stdout.trim()
  expect([made.code, token]).toEqual([0, expect.stringMatching(/^sheaf_[0-9a-z-]{14}_[\w-]{43}$/)])

  const server = place.start(['serve', '--host', '0.0.0.0', '--port', '0'], { SHEAF_REQUIRE_LOGIN: 'true' })
  const [, port] = await server.until(/serves on http:\/\/0\.0\.0\.0:(\d+)/)
  const me = (headers: Record<string, string>) => fetch(`http://127.0.0.1:${port}/api/v1/me`, { headers })
  expect((await me({})).status).toBe(401)
  const known = await me({ Authorization: `Bearer ${token}` })
  expect(await known.json()).toMatchObject({ id: 'anna', by: 'token' })
  server.process.kill('SIGTERM')
  expect((await server.ended).code).toBe(0)
})

test('tokens are listed and revoked', async () => {
  using place = await createPlace()
  const [, id = ''] = (await place.sheaf('tokens', 'create', 'second')).stdout.split('_')
  expect((await place.sheaf('tokens', 'revoke', id)).code).toBe(0)
  expect((await place.sheaf('tokens')).stdout).toMatch(
    new RegExp(`^${id}  write  local  second  \\(revoked `),
  )
})
