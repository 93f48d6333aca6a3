import type { SessionCost } from '../contract/api/ledger.ts'
import { costOf } from '../store/model-costs.ts'
import { getSession } from '../store/sessions.ts'
import type { Deployment } from './deployment.ts'

/** What a session's calls of language models came to, by task and model. @throws {SheafError} `not_found`. */
export async function sessionCost({ sql }: Pick<Deployment, 'sql'>, id: string): Promise<SessionCost> {
  await getSession(sql, id)
  const { lines, total } = await costOf(sql, id)
  return { lines: [...lines], total }
}
