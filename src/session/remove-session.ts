import { SheafError } from '../errors.ts'
import { deleteSession, getSession } from '../store/sessions.ts'
import type { Deployment } from './deployment.ts'

/**
 * Deletes a session and all it found. Documents stay, for other sessions may rest on them; so does the report's folder.
 * @throws {SheafError} `not_found`; `conflict` while it works.
 */
export async function removeSession({ sql }: Pick<Deployment, 'sql'>, id: string): Promise<void> {
  const { status } = await getSession(sql, id)
  if (status === 'queued' || status === 'running')
    throw new SheafError('conflict', `Session ${id} is ${status}.`, {
      advice: `Cancel it first: sheaf sessions cancel ${id}`,
    })
  await deleteSession(sql, id)
}
