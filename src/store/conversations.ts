import { sql } from 'kysely'
import {
  type Conversation,
  conversationSchema,
  type Message,
  type MessageValue,
  messageSchema,
} from '../contract/api/conversation.ts'
import type { Sql } from './database.ts'
import { storableJson, storableText } from './text.ts'

/** Stores a new conversation, without messages. */
export async function createConversation(
  db: Sql,
  { id, owner, title }: Pick<Conversation, 'id' | 'owner' | 'title'>,
): Promise<void> {
  await db
    .insertInto('conversations')
    .values({ id, owner, title: storableText(title) })
    .execute()
}

/** A conversation. */
export async function findConversation(db: Sql, id: string): Promise<Conversation | undefined> {
  const row = await db.selectFrom('conversations').selectAll().where('id', '=', id).executeTakeFirst()
  return row && asConversation(row)
}

/** Conversations, newest first, at most `limit`; those of one owner where given, older than `before`. */
export async function listConversations(
  db: Sql,
  { owner, limit, before }: { owner?: string | undefined; limit: number; before?: string | undefined },
): Promise<Conversation[]> {
  let query = db.selectFrom('conversations').selectAll().orderBy('id', 'desc').limit(limit)
  if (owner !== undefined) query = query.where('owner', '=', owner)
  if (before !== undefined) query = query.where('id', '<', before)
  return (await query.execute()).map(asConversation)
}

/** Gives a conversation that has no title one. */
export async function nameConversation(db: Sql, id: string, title: string): Promise<void> {
  await db
    .updateTable('conversations')
    .set({ title: storableText(title) })
    .where('id', '=', id)
    .where('title', '=', '')
    .execute()
}

/** Removes a conversation with its messages; the reviews that it started stay. */
export async function deleteConversation(db: Sql, id: string): Promise<void> {
  await db.deleteFrom('conversations').where('id', '=', id).execute()
}

/** Gives the next `count` numbers of a conversation to who asks, the first of them returned; no others can be given them. */
export async function takeNumbers(db: Sql, conversation: string, count: number): Promise<number> {
  const row = await db
    .updateTable('conversations')
    .set((column) => ({ last_message: column('last_message', '+', count) }))
    .where('id', '=', conversation)
    .returning('last_message')
    .executeTakeFirstOrThrow()
  return row.last_message - count + 1
}

/** Stores a message under a number that was taken. */
export async function storeMessage(
  db: Sql,
  conversation: string,
  { number, session, value }: { number: number; session?: string | undefined; value: MessageValue },
): Promise<void> {
  await db
    .insertInto('messages')
    .values({ conversation, number, session: session ?? null, value: storableJson(value) })
    .execute()
}

/** Writes an answer in the place of the one that is pending. Returns whether it was; of two that answer, one does. */
export async function fillAnswer(
  db: Sql,
  conversation: string,
  number: number,
  value: Extract<MessageValue, { role: 'sheaf' }>,
): Promise<boolean> {
  const filled = await sql`
    update sheaf.messages set value = ${storableJson(value)}::jsonb
    where conversation = ${conversation} and number = ${number} and value ->> 'state' = 'pending'`.execute(db)
  return filled.numAffectedRows === 1n
}

/** An answer that is still to be given. */
export interface PendingAnswer {
  readonly session: string
  readonly conversation: string
  readonly answer: number
  readonly question: string
}

/** Every answer that is still to be given; of one session where named. */
export async function pendingAnswers(db: Sql, session?: string): Promise<PendingAnswer[]> {
  const { rows } = await sql<PendingAnswer>`
    select pending.session, pending.conversation, pending.number as answer, asked.value ->> 'text' as question
    from sheaf.messages pending
    join sheaf.messages asked on asked.conversation = pending.conversation
      and asked.number = (pending.value ->> 'answers')::int
    where pending.value ->> 'state' = 'pending' ${session === undefined ? sql`` : sql`and pending.session = ${session}`}
    order by pending.conversation, pending.number`.execute(db)
  return rows
}

/** Messages of a conversation beyond the number given, oldest first, at most `limit`. */
export async function messagesAfter(
  db: Sql,
  conversation: string,
  after: number,
  limit: number,
): Promise<Message[]> {
  const rows = await db
    .selectFrom('messages')
    .selectAll()
    .where('conversation', '=', conversation)
    .where('number', '>', after)
    .orderBy('number')
    .limit(limit)
    .execute()
  return rows.map(asMessage)
}

/** One message. */
export async function findMessage(
  db: Sql,
  conversation: string,
  number: number,
): Promise<Message | undefined> {
  return (await messagesAfter(db, conversation, number - 1, 1)).find((message) => message.number === number)
}

/** The last review that a conversation has started or asked about. */
export async function lastSessionOf(db: Sql, conversation: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('messages')
    .select('session')
    .where('conversation', '=', conversation)
    .where('session', 'is not', null)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.session ?? undefined
}

function asConversation({
  last_message,
  created_at,
  ...row
}: {
  id: string
  owner: string
  title: string
  last_message: number
  created_at: Date
}): Conversation {
  return conversationSchema.parse({ ...row, lastMessage: last_message, createdAt: created_at.toISOString() })
}

function asMessage({
  number,
  at,
  session,
  value,
}: {
  number: number
  at: Date
  session: string | null
  value: unknown
}): Message {
  return messageSchema.parse({
    number,
    at: at.toISOString(),
    value,
    ...(session !== null && { session }),
  })
}
