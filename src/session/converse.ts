import type { AcceptedMessage, Conversation, MessageKind, NewMessage } from '../contract/api/conversation.ts'
import type { Caller } from '../contract/caller.ts'
import { SheafError } from '../errors.ts'
import {
  createConversation,
  findConversation,
  lastSessionOf,
  nameConversation,
  storeMessage,
  takeNumbers,
} from '../store/conversations.ts'
import type { Session } from '../store/sessions.ts'
import { answerGate, pendingGate } from './answer-gate.ts'
import { approvePlan } from './approve-plan.ts'
import { createSession } from './create-session.ts'
import type { Deployment } from './deployment.ts'
import { reviewSettings } from './review-settings.ts'
import { answerName, runName, startAnswer } from './start-jobs.ts'
import { visibleSession } from './visible-session.ts'

/** Opens a conversation. Without a title it gets that of its first question. Returns its name. */
export async function openConversation(
  { sql, newSessionId }: Pick<Deployment, 'sql' | 'newSessionId'>,
  caller: Caller,
  title: string,
): Promise<string> {
  const id = newSessionId()
  await createConversation(sql, { id, owner: caller.user, title })
  return id
}

/** A conversation, for its owner and administrators. @throws {SheafError} `not_found`, also when it is another's. */
export async function ownConversation(
  { sql }: Pick<Deployment, 'sql'>,
  caller: Caller,
  id: string,
): Promise<Conversation> {
  const conversation = await findConversation(sql, id)
  if (conversation && (caller.scope === 'admin' || conversation.owner === caller.user)) return conversation
  throw new SheafError('not_found', `There is no conversation ${id}.`)
}

/** What taking a message has started: the session, its job, and the event before it. */
type Started = Omit<AcceptedMessage, 'message' | 'answer'>

/**
 * Takes a message of a conversation: starts, steers or asks about a review. All work is left to jobs.
 * @throws {SheafError} `not_found`; `invalid_input` for a message that says nothing; `conflict` when the review's state
 * does not allow it; whatever the verb behind it throws. The message is kept only when it was taken.
 */
export async function takeMessage(
  deployment: Deployment,
  caller: Caller,
  conversationId: string,
  message: NewMessage,
): Promise<AcceptedMessage> {
  const conversation = await ownConversation(deployment, caller, conversationId)
  const named = message.session ?? (await lastSessionOf(deployment.sql, conversation.id))
  const session = named === undefined ? undefined : await visibleSession(deployment, caller, named, 'read')
  const kind = message.kind ?? (await kindOf(deployment, message, session))
  if (kind === 'follow_up') return askAbout(deployment, conversation.id, message.text, session)
  const started =
    kind === 'question'
      ? await startReview(deployment, caller, message)
      : await steer(deployment, caller, kind, message, session)
  if (kind === 'question') await nameConversation(deployment.sql, conversation.id, message.text.slice(0, 300))
  const number = await takeNumbers(deployment.sql, conversation.id, 1)
  const value = { role: 'person', kind, text: message.text, job: started.job_id } as const
  await storeMessage(deployment.sql, conversation.id, { number, session: started.session_id, value })
  return { ...started, message: number }
}

/** Words that agree and words that decline, at the start of a message. */
const agrees =
  /^(?:yes|yep|ok(?:ay)?|agreed?|approved?|accept(?:ed)?|go (?:on|ahead)|continue|looks good|fine)\b/i
const declines = /^(?:no|reject(?:ed)?|declined?|without|don['’]t)\b/i

/** What a message without a kind is: told by the state of the review and, for yes and no, by its first word. */
async function kindOf(
  deployment: Deployment,
  { text, plan, state }: NewMessage,
  session: Session | undefined,
): Promise<MessageKind> {
  if (plan) return 'plan'
  if (state) return 'gate'
  if (!session) return 'question'
  if (session.status === 'finished') return 'follow_up'
  if (session.status === 'waiting') {
    const gate = await pendingGate(deployment, session.id)
    if (agrees.test(text)) return gate ? 'gate' : 'plan'
    if (declines.test(text) && gate) return 'gate'
    throw new SheafError('conflict', gate?.message ?? 'The review waits for you to approve its plan.', {
      advice: gate
        ? 'Answer “yes” or “no”, or send kind "gate" with what you allow.'
        : 'Answer “yes”, or send kind "plan" with the edited plan.',
    })
  }
  throw new SheafError('conflict', `The review is ${session.status}; it cannot be asked about yet.`, {
    advice: 'Follow its events; ask when it is finished, or send kind "question" to start another review.',
  })
}

async function startReview(
  deployment: Deployment,
  caller: Caller,
  { text, settings = {} }: NewMessage,
): Promise<Started> {
  if (text === '') throw new SheafError('invalid_input', 'A question is needed.')
  const session = await createSession(deployment, {
    question: text,
    settings: await reviewSettings(deployment, caller, text, settings),
    owner: caller.user,
  })
  return { job_id: runName(session, 1), session_id: session, after: 0 }
}

async function steer(
  deployment: Deployment,
  caller: Caller,
  kind: 'plan' | 'gate',
  { text, plan, state, answer }: NewMessage,
  session: Session | undefined,
): Promise<Started> {
  if (!session) throw new SheafError('conflict', 'This conversation has no review yet.')
  await visibleSession(deployment, caller, session.id, 'write')
  const after =
    kind === 'plan'
      ? await approvePlan(deployment, session.id, plan)
      : await answerGate(
          deployment,
          session.id,
          state ?? (declines.test(text) ? 'rejected' : 'approved'),
          answer,
        )
  return { job_id: runName(session.id, session.run + 1), session_id: session.id, after }
}

/** Leaves a question about a finished review to a job, and keeps the place of its answer. */
async function askAbout(
  deployment: Deployment,
  conversation: string,
  text: string,
  session: Session | undefined,
): Promise<AcceptedMessage> {
  if (text === '') throw new SheafError('invalid_input', 'A question is needed.')
  if (session?.status !== 'finished')
    throw new SheafError('conflict', 'Only a finished review can be asked about.', {
      advice: 'Name one as "session", or wait until this one is finished.',
    })
  const { id, lastEvent: after } = session
  const { number, job } = await deployment.sql.transaction().execute(async (transaction) => {
    const number = await takeNumbers(transaction, conversation, 2)
    const job = answerName(conversation, number + 1)
    await storeMessage(transaction, conversation, {
      number,
      session: id,
      value: { role: 'person', kind: 'follow_up', text, job },
    })
    await storeMessage(transaction, conversation, {
      number: number + 1,
      session: id,
      value: { role: 'sheaf', answers: number, state: 'pending', text: '', sentences: [] },
    })
    return { number, job }
  })
  await startAnswer(deployment, { session: id, conversation, answer: number + 1, question: text })
  return { job_id: job, session_id: id, after, message: number, answer: number + 1 }
}
