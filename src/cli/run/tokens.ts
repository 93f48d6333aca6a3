import { newTokenSchema, type TokenView } from '../../contract/api/access.ts'
import { SheafError } from '../../errors.ts'
import type { CreateTokenOptions } from '../commands/tokens.ts'
import { printable } from '../progress/words.ts'
import { withReviews } from '../reviews/open.ts'
import { remark, say } from '../terminal.ts'

/** `sheaf tokens create`. */
export async function create(name: string, options: CreateTokenOptions): Promise<void> {
  const { scope, user, expires: expiresInDays, json } = options
  const request = newTokenSchema.safeParse({ name, scope, user, expiresInDays })
  if (!request.success) {
    const faults = request.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new SheafError('invalid_input', faults.join('; '))
  }
  await withReviews(async (reviews) => {
    const made = await reviews.createToken(request.data)
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
  await withReviews(async (reviews) => {
    const tokens = await reviews.tokens()
    if (json) say(JSON.stringify(tokens, null, 2))
    else if (tokens.length === 0) remark('There are no tokens. Make one: sheaf tokens create NAME')
    else for (const token of tokens) say(lineOf(token))
  })
}

/** `sheaf tokens revoke`. */
export async function revoke(id: string): Promise<void> {
  await withReviews(async (reviews) => {
    await reviews.revokeToken(id)
    remark(`Token ${printable(id)} is revoked.`)
  })
}

function lineOf({ id, user, scope, name, expiresAt, usedAt, revokedAt }: TokenView): string {
  const state = revokedAt
    ? `revoked ${revokedAt}`
    : `${expiresAt ? `expires ${expiresAt}` : 'does not expire'}, ${usedAt ? `last used ${usedAt}` : 'not used yet'}`
  return `${id}  ${scope.padEnd(5)}  ${user}  ${printable(name)}  (${state})`
}
