import type { Conversation, Message } from '../contract/api/conversation.ts'
import { type ListPage, pageOf } from '../contract/api/paging.ts'
import type { Caller } from '../contract/caller.ts'
import { deleteConversation, listConversations, messagesAfter } from '../store/conversations.ts'
import { ownConversation } from './converse.ts'
import type { Deployment } from './deployment.ts'

/** A caller's conversations, newest first; an administrator's are everybody's. */
export async function conversationsOf(
  { sql }: Pick<Deployment, 'sql'>,
  caller: Caller,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<ListPage<Conversation>> {
  const owner = caller.scope === 'admin' ? undefined : caller.user
  const found = await listConversations(sql, { owner, limit: limit + 1, before: after })
  return pageOf(found, limit, ({ id }) => id)
}

/** Messages of a conversation, oldest first. @throws {SheafError} `not_found`. */
export async function messagesOf(
  { sql }: Pick<Deployment, 'sql'>,
  caller: Caller,
  conversation: string,
  { limit, after }: { limit: number; after: number },
): Promise<ListPage<Message>> {
  await ownConversation({ sql }, caller, conversation)
  const found = await messagesAfter(sql, conversation, after, limit + 1)
  return pageOf(found, limit, ({ number }) => String(number))
}

/** Deletes a conversation; the reviews that it started stay. @throws {SheafError} `not_found`. */
export async function removeConversation(
  { sql }: Pick<Deployment, 'sql'>,
  caller: Caller,
  conversation: string,
): Promise<void> {
  await ownConversation({ sql }, caller, conversation)
  await deleteConversation(sql, conversation)
}
