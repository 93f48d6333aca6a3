import { createRoute, z } from '@hono/zod-openapi'
import {
  acceptedMessageSchema,
  conversationSchema,
  messageSchema,
  newConversationSchema,
  newMessageSchema,
} from '../../contract/api/conversation.ts'
import { pageQuerySchema, pageSchema } from '../../contract/api/paging.ts'
import { sessionIdSchema } from '../../contract/api/session.ts'
import { openConversation, ownConversation, takeMessage } from '../../session/converse.ts'
import { conversationsOf, messagesOf, removeConversation } from '../../session/read-conversations.ts'
import type { ApiContext } from '../context.ts'
import { failures, json, jsonBody, needs, routes } from '../describe.ts'
import { unlessKnown } from '../etag.ts'

const tags = ['Conversations']
const params = z.object({ conversation: sessionIdSchema.meta({ description: 'Name of the conversation.' }) })

const list = createRoute({
  method: 'get',
  path: '/conversations',
  tags,
  summary: 'Your conversations, newest first',
  middleware: needs('read'),
  request: { query: pageQuerySchema },
  responses: { 200: json(pageSchema(conversationSchema), 'One page of the list.'), ...failures },
})

const open = createRoute({
  method: 'post',
  path: '/conversations',
  tags,
  summary: 'Open a conversation',
  middleware: needs('write'),
  request: { body: jsonBody(newConversationSchema) },
  responses: { 201: json(conversationSchema, 'It is open.'), ...failures },
})

const read = createRoute({
  method: 'get',
  path: '/conversations/{conversation}',
  tags,
  summary: 'One conversation',
  middleware: needs('read'),
  request: { params },
  responses: { 200: json(conversationSchema, 'The conversation.'), ...failures },
})

const remove = createRoute({
  method: 'delete',
  path: '/conversations/{conversation}',
  tags,
  summary: 'Delete a conversation; the reviews that it started stay',
  middleware: needs('write'),
  request: { params },
  responses: { 204: { description: 'It is deleted.' }, ...failures },
})

const messages = createRoute({
  method: 'get',
  path: '/conversations/{conversation}/messages',
  tags,
  summary: 'What was said, oldest first',
  middleware: needs('read'),
  request: {
    params,
    query: pageQuerySchema.extend({ after: z.coerce.number().int().nonnegative().default(0) }),
  },
  responses: { 200: json(pageSchema(messageSchema), 'One page of the list.'), ...failures },
})

const send = createRoute({
  method: 'post',
  path: '/conversations/{conversation}/messages',
  tags,
  summary: 'Ask, approve, answer, or ask about a finished review',
  middleware: needs('write'),
  request: { params, body: jsonBody(newMessageSchema) },
  responses: {
    202: json(acceptedMessageSchema, 'Accepted; a job does the work, the session’s events tell of it.'),
    ...failures,
  },
})

/** Conversations: questions that start reviews, words that steer them, and questions about what they found. */
export function conversationRoutes({ deployment }: ApiContext) {
  return routes()
    .openapi(list, async (c) => {
      const page = await conversationsOf(deployment, c.get('caller'), c.req.valid('query'))
      return unlessKnown(c, [page], () => c.json(page, 200))
    })
    .openapi(open, async (c) => {
      const caller = c.get('caller')
      const id = await openConversation(deployment, caller, c.req.valid('json').title)
      c.header('Location', `/api/v1/conversations/${id}`)
      return c.json(await ownConversation(deployment, caller, id), 201)
    })
    .openapi(read, async (c) => {
      const conversation = await ownConversation(
        deployment,
        c.get('caller'),
        c.req.valid('param').conversation,
      )
      return unlessKnown(c, [conversation], () => c.json(conversation, 200))
    })
    .openapi(remove, async (c) => {
      await removeConversation(deployment, c.get('caller'), c.req.valid('param').conversation)
      return c.body(null, 204)
    })
    .openapi(messages, async (c) => {
      const { conversation } = c.req.valid('param')
      const page = await messagesOf(deployment, c.get('caller'), conversation, c.req.valid('query'))
      return unlessKnown(c, [page], () => c.json(page, 200))
    })
    .openapi(send, async (c) => {
      const { conversation } = c.req.valid('param')
      return c.json(await takeMessage(deployment, c.get('caller'), conversation, c.req.valid('json')), 202)
    })
}
