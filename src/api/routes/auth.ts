import { createRoute, z } from '@hono/zod-openapi'
import { audit } from '../../access/audit.ts'
import { beginLogin, endLogin, finishLogin } from '../../access/logins.ts'
import { SheafError } from '../../errors.ts'
import type { ApiContext } from '../context.ts'
import { failures, routes } from '../describe.ts'
import { clientAddress } from '../guards/client-address.ts'
import { countKnock } from '../guards/known-caller.ts'
import { attemptCookie, loginCookie, setAttemptCookie, setLoginCookie } from '../login-cookies.ts'

const tags = ['Logging in']

const begin = createRoute({
  method: 'get',
  path: '/auth/login',
  tags,
  summary: 'Send a browser to the identity provider',
  request: {
    query: z.object({
      return_to: z
        .string()
        .max(2000)
        .default('/')
        .meta({ description: 'A path of this server to go on to afterwards.' }),
    }),
  },
  responses: { 302: { description: 'To the identity provider.' }, ...failures },
})

const finish = createRoute({
  method: 'get',
  path: '/auth/callback',
  tags,
  summary: 'Where the identity provider sends the browser back to',
  responses: { 302: { description: 'Logged in, and on to where the login was begun.' }, ...failures },
})

const end = createRoute({
  method: 'post',
  path: '/auth/logout',
  tags,
  summary: 'End this browser’s login, at once and everywhere',
  responses: { 204: { description: 'It has ended.' }, ...failures },
})

/** Logging in by OpenID Connect, and out. */
export function authRoutes({ access }: Pick<ApiContext, 'access'>) {
  const { rules } = access
  return routes()
    .openapi(begin, async (c) => {
      c.header('Cache-Control', 'no-store')
      await countKnock({ access }, clientAddress(c, rules))
      const { url, secret } = await beginLogin(access, c.req.valid('query').return_to)
      setAttemptCookie(c, rules, secret)
      return c.redirect(url.href, 302)
    })
    .openapi(finish, async (c) => {
      c.header('Cache-Control', 'no-store')
      const address = clientAddress(c, rules)
      const secret = attemptCookie(c, rules)
      const before = loginCookie(c, rules)
      setAttemptCookie(c, rules, undefined)
      try {
        const login = await finishLogin(access, { secret, query: new URL(c.req.url).search })
        // One browser, one login: the one before does not stay behind.
        if (before !== undefined) await endLogin(access, before)
        setLoginCookie(c, rules, login.secret)
        await audit(access, {
          user: login.user,
          address,
          action: 'login',
          target: 'browser',
          outcome: 'done',
        })
        return c.redirect(login.returnTo, 302)
      } catch (thrown) {
        await countKnock({ access }, address)
        const outcome = SheafError.isInstance(thrown) ? thrown.code : 'internal'
        await audit(access, { address, action: 'login', target: 'browser', outcome })
        throw thrown
      }
    })
    .openapi(end, async (c) => {
      const secret = loginCookie(c, rules)
      const user = secret === undefined ? undefined : await endLogin(access, secret)
      const address = clientAddress(c, rules)
      if (user !== undefined)
        await audit(access, { user, address, action: 'logout', target: 'browser', outcome: 'done' })
      setLoginCookie(c, rules, undefined)
      return c.body(null, 204)
    })
}
