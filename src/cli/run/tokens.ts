import { audit } from '../../access/audit.ts'
import { createToken, listTokens, revokeToken } from '../../access/tokens.ts'
import type { App } from '../../compose.ts'
import { newTokenSchema, type TokenView } from '../../contract/api/access.ts'
import { localCaller } from '../../contract/caller.ts'
import { SheafError } from '../../errors.ts'
import type { CreateTokenOptions } from '../commands/tokens.ts'
import { printable } from '../progress/words.ts'
import { remark, say } from '../terminal.ts'
import { withApp } from './with-app.ts'

/** Tokens that are listed at once. */
const pageSize = 200

/** `sheaf tokens create`. */
export async function create(name: string, options: CreateTokenOptions): Promise<void> {
  const { scope, user, expires: expiresInDays, json } = options
  const request = newTokenSchema.safeParse({ name, scope, user, expiresInDays })
  if (!request.success) {
    const faults = request.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new SheafError('invalid_input', faults.join('; '))
  }
  await withApp(async (app) => {
    const made = await createToken(app.access, localCaller, request.data)
    await enter(app, 'token.made', made.id)
    if (json) {
      say(JSON.stringify(made, null, 2))
      return
    }
    say(made.token)
    remark(`It is shown this once. To end it: sheaf tokens revoke ${made.id}`)
  })
}

/** `sheaf tokens list`. */
export async function list({ json }: { json?: boolean }): Promise<void> {
  await withApp(async ({ access }) => {
    const tokens: TokenView[] = []
    for (let after: string | undefined; ; ) {
      const { items, next } = await listTokens(access, localCaller, { limit: pageSize, after })
      tokens.push(...items)
      if (next === undefined) break
      after = next
    }
    if (json) say(JSON.stringify(tokens, null, 2))
    else if (tokens.length === 0) remark('There are no tokens. Make one: sheaf tokens create NAME')
    else for (const token of tokens) say(lineOf(token))
  })
}

/** `sheaf tokens revoke`. */
export async function revoke(id: string): Promise<void> {
  await withApp(async (app) => {
    const { name } = await revokeToken(app.access, localCaller, id)
    await enter(app, 'token.revoked', id)
    remark(`Token ${id}, “${printable(name)}”, is revoked.`)
  })
}

function enter({ access }: App, action: string, token: string): Promise<void> {
  const { user } = localCaller
  return audit(access, { user, address: 'command line', action, target: `/tokens/${token}`, outcome: 'done' })
}

function lineOf({ id, user, scope, name, expiresAt, usedAt, revokedAt }: TokenView): string {
  const state = revokedAt
    ? `revoked ${revokedAt}`
    : `${expiresAt ? `expires ${expiresAt}` : 'does not expire'}, ${usedAt ? `last used ${usedAt}` : 'not used yet'}`
  return `${id}  ${scope.padEnd(5)}  ${user}  ${printable(name)}  (${state})`
}
