import { OpenAPIHono } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import type { z } from 'zod'
import { problemSchema } from '../contract/api/problem.ts'
import { may, type Scope } from '../contract/caller.ts'
import { SheafError } from '../errors.ts'
import type { ApiEnvironment } from './context.ts'
import { answerInvalid } from './problems.ts'

/** A group of routes; what does not fit a route's contract is answered before the route sees it. */
export function routes(): OpenAPIHono<ApiEnvironment> {
  return new OpenAPIHono<ApiEnvironment>({
    defaultHook: (result, c) =>
      result.success ? undefined : answerInvalid(c, result.target, result.error as unknown as z.ZodError),
  })
}

/** Lets through who may do what needs `scope`, which can be read from the middleware. */
export function needs(scope: Scope): MiddlewareHandler<ApiEnvironment> & { readonly scope: Scope } {
  const guard: MiddlewareHandler<ApiEnvironment> = async (c, next) => {
    if (!may(c.get('caller'), scope))
      throw new SheafError(
        'forbidden',
        `This needs the scope “${scope}”; you have “${c.get('caller').scope}”.`,
      )
    await next()
  }
  return Object.assign(guard, { scope })
}

/** An answer of JSON, for the description of a route. */
export function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { content: { 'application/json': { schema } }, description }
}

/** A body of JSON, for the description of a route. */
export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { content: { 'application/json': { schema } }, required: true } as const
}

const problemAnswer = (description: string) => ({
  content: { 'application/problem+json': { schema: problemSchema } },
  description,
})

/** Failures that every route may answer with. */
export const failures = {
  400: problemAnswer('The request is not understood.'),
  401: problemAnswer('Nobody has said who asks.'),
  403: problemAnswer('Who asks may not do this.'),
  404: problemAnswer('There is no such thing, or not for who asks.'),
  409: problemAnswer('The state of the thing does not allow this.'),
  413: problemAnswer('What was sent is too large.'),
  422: problemAnswer('The Idempotency-Key was used for another request.'),
  429: problemAnswer('Too much at once; Retry-After says when to come again.'),
  503: problemAnswer('Too much work at hand, or the store is away; Retry-After says when to come again.'),
} as const
