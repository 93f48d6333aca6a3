import type { Answer, EvidenceBase } from '../analysts/analyst.ts'
import type { AnsweredSentence, MessageValue } from '../contract/api/conversation.ts'
import type { EvidenceSpan } from '../contract/evidence.ts'
import type { Paper } from '../contract/paper.ts'
import { sessionSettingsSchema } from '../contract/settings.ts'
import { ElsewhereError, messageOf, SheafError, WaitingError } from '../errors.ts'
import { shortReference } from '../methods/references/short-reference.ts'
import { coreEvidence } from '../pipeline/core-papers.ts'
import type { AnswerPayload } from '../queue/jobs.ts'
import type { JobContext } from '../queue/queues.ts'
import { fillAnswer, findMessage } from '../store/conversations.ts'
import { appendEvent } from '../store/events.ts'
import { findPapers } from '../store/papers.ts'
import { findSession } from '../store/sessions.ts'
import type { Deployment } from './deployment.ts'

/** What is said where the evidence does not answer. */
export const silence = 'The reviewed papers do not say.'

type AnswerValue = Extract<MessageValue, { role: 'sheaf' }>

/**
 * Answers a question about a finished review from its quotations alone, or says that they do not answer. The answer and the
 * event that tells of it are stored together; done again, it changes nothing.
 */
export async function answerQuestion(
  deployment: Deployment,
  { session: id, conversation, answer: number, question }: AnswerPayload,
  job: JobContext,
): Promise<void> {
  const { sql } = deployment
  const message = await findMessage(sql, conversation, number)
  const session = await findSession(sql, id)
  if (message?.value.role !== 'sheaf' || message.value.state !== 'pending') return
  const { answers } = message.value
  if (!session) {
    const text = 'The review was deleted before the question was answered.'
    await fillAnswer(sql, conversation, number, {
      role: 'sheaf',
      answers,
      state: 'failed',
      text,
      sentences: [],
    })
    return
  }
  const store = async (value: Omit<AnswerValue, 'role' | 'answers'>) => {
    await sql.transaction().execute(async (transaction) => {
      if (await fillAnswer(transaction, conversation, number, { role: 'sheaf', answers, ...value }))
        await appendEvent(transaction, id, { type: 'answer.ready', conversation, message: number })
    })
    await deployment.announce(id)
  }
  try {
    const evidence = await evidenceOf(deployment, id)
    const analyst = deployment.analyst(sessionSettingsSchema.parse(session.settings), id)
    await store(inWords(await analyst.answer({ question, evidence }, job.signal), evidence))
  } catch (thrown) {
    const goesOn = WaitingError.isInstance(thrown) || ElsewhereError.isInstance(thrown)
    if (job.signal.aborted || goesOn) throw thrown
    if (
      SheafError.isInstance(thrown) &&
      (thrown.code === 'store_unavailable' || (thrown.retryable && !job.lastAttempt))
    )
      throw thrown
    await store({ state: 'failed', text: messageOf(thrown), sentences: [] })
  }
}

async function evidenceOf({ sql }: Deployment, session: string): Promise<EvidenceBase> {
  const { spans } = await coreEvidence({ sql, session: { id: session } })
  const papers = await findPapers(sql, session, [...new Set(spans.map(({ paperId }) => paperId))])
  return {
    spans: new Map(spans.map((span) => [span.id, span])),
    papers: new Map(papers.map((paper) => [paper.id, paper])),
  }
}

/** A sentence without a quotation to stand on is left out, whoever wrote it. */
function inWords(
  answer: Answer | undefined,
  { spans, papers }: EvidenceBase,
): Omit<AnswerValue, 'role' | 'answers'> {
  const sentences = (answer?.sentences ?? []).flatMap(({ text, spans: cited }): AnsweredSentence[] => {
    const citations = cited.flatMap((id) => {
      const span = spans.get(id)
      const paper = span && papers.get(span.paperId)
      return span && paper ? [citationOf(span, paper)] : []
    })
    return citations.length > 0 ? [{ text, citations }] : []
  })
  if (sentences.length === 0) return { state: 'silent', text: silence, sentences: [] }
  return { state: 'answered', text: sentences.map(({ text }) => text).join(' '), sentences }
}

function citationOf(
  { id, quotation, locator }: EvidenceSpan,
  paper: Paper,
): AnsweredSentence['citations'][number] {
  return {
    span: id,
    paperId: paper.id,
    reference: shortReference(paper),
    quotation,
    document: locator.document,
    page: locator.ranges[0]!.page,
  }
}
