import { costOf, type SessionCost } from '../store/model-costs.ts'
import { getSession } from '../store/sessions.ts'
import type { Deployment } from './deployment.ts'

/** What a session's calls of language models came to, by task and model. @throws {SheafError} `not_found`. */
export async function sessionCost({ sql }: Pick<Deployment, 'sql'>, id: string): Promise<SessionCost> {
  await getSession(sql, id)
  return costOf(sql, id)
}

export type { SessionCost } from '../store/model-costs.ts'
