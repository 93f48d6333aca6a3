import { expect, test } from 'vitest'
import { describeEachStore } from '../../../test/support/each-store.ts'
import type { GateAnswer } from '../../contract/gates.ts'
import type { Paper } from '../../contract/paper.ts'
import type { SessionSettings } from '../../contract/settings.ts'
import { ApprovalError } from '../../errors.ts'
import { openGate, resolveGate } from '../../store/gates.ts'
import { attachFullText, storePapers } from '../../store/papers.ts'
import { storeDecisions } from '../../store/screening.ts'
import { getSession } from '../../store/sessions.ts'
import { downloadApproval } from './approval.ts'

const location = (url: string) => ({ url, isPdf: true })
const paper = (id: string, more: Partial<Paper> = {}): Paper => ({
  id,
  fields: { title: id, authors: [] },
  provenance: {},
  records: [`arxiv:${id}`],
  mergedBecause: [],
  locations: [location(`https://arxiv.org/pdf/${id}v1`)],
  ...more,
})

await describeEachStore('approval of downloads', (store) => {
  const approval = async (allowed: SessionSettings['allowed']) => {
    const { sql } = store.database
    const session = await getSession(sql, 's1')
    return downloadApproval({ sql, session, settings: { allowed } as SessionSettings })
  }
  /** Stores core papers, the first with the best score. */
  const core = async (...papers: Paper[]) => {
    await storePapers(store.database.sql, 's1', papers)
    const decisions = papers.map(({ id }, index) => ({
      paperId: id,
      tier: 'core' as const,
      reason: 'relevant' as const,
      score: 1 - index / 10,
      rationale: '',
      decidedBy: 'rule' as const,
    }))
    await storeDecisions(store.database.sql, 's1', decisions)
  }
  const asked = async (allowed: SessionSettings['allowed']): Promise<ApprovalError> => {
    const thrown = await approval(allowed).then(
      () => undefined,
      (error: unknown) => error,
    )
    if (!ApprovalError.isInstance(thrown)) throw new Error('Nothing was asked.')
    return thrown
  }
  /** What a person says to the question that stops the session. */
  const answer = async (
    { gate, message, details }: ApprovalError,
    state: 'approved' | 'rejected',
    given: GateAnswer = {},
  ) => {
    const name = gate as 'downloads' | 'domains'
    await openGate(store.database.sql, 's1', { gate: name, message, details })
    await resolveGate(store.database.sql, 's1', name, state, given)
  }
  const downloaded = async (allowed: SessionSettings['allowed'], ids: string[]) => {
    const { mayDownload } = await approval(allowed)
    return ids.filter(mayDownload)
  }

  test('is not needed up to the number allowed; papers of a library do not count', async () => {
    await core(paper('a'), paper('b'), paper('l', { document: 'd'.repeat(64) }))
    expect(await downloaded({ downloads: 2 }, ['a', 'b'])).toEqual(['a', 'b'])
    expect(await downloaded({}, ['a', 'b'])).toEqual(['a', 'b'])
  })

  test('is asked for beyond it, and again only when more are wanted than were agreed to', async () => {
    await core(paper('a'), paper('b'), paper('c'))
    const question = await asked({ downloads: 1 })
    expect(question).toMatchObject({ gate: 'downloads', details: { papers: 3, allowed: 1 } })
    await answer(question, 'approved')
    expect(await downloaded({ downloads: 1 }, ['a', 'b', 'c'])).toEqual(['a', 'b', 'c'])
    await attachFullText(store.database.sql, 's1', 'a', { document: 'e'.repeat(64), retrieval: [] })
    expect(await downloaded({ downloads: 1 }, ['a', 'b', 'c'])).toEqual(['a', 'b', 'c'])
    await core(paper('d'))
    expect((await asked({ downloads: 1 })).details).toMatchObject({ papers: 4 })
  })

  test('with another number takes the best papers; rejected, those that were allowed', async () => {
    await core(paper('a'), paper('b'), paper('c'))
    await answer(await asked({ downloads: 1 }), 'approved', { downloads: 2 })
    expect(await downloaded({ downloads: 1 }, ['a', 'b', 'c'])).toEqual(['a', 'b'])
    await answer(new ApprovalError('downloads', '', { papers: 3, allowed: 1 }), 'rejected')
    expect(await downloaded({ downloads: 1 }, ['a', 'b', 'c'])).toEqual(['a'])
  })

  test('of hosts is asked for where no allowed one has the text, and holds for those agreed to alone', async () => {
    const elsewhere = [location('https://a.example/1.pdf'), location('https://b.example/1.pdf')]
    await core(
      paper('a', { locations: [...elsewhere, location('https://export.arxiv.org/pdf/1')] }),
      paper('b', { locations: elsewhere }),
    )
    const allowed = { domains: ['arxiv.org'] }
    const question = await asked(allowed)
    expect(question).toMatchObject({
      gate: 'domains',
      details: { domains: ['a.example', 'b.example'] },
    })
    await answer(question, 'approved', { domains: ['b.example'] })
    const { mayVisit } = await approval(allowed)
    const addresses = elsewhere.map(({ url }) => url)
    expect([...addresses, 'https://arxiv.org.evil.example/x'].filter(mayVisit)).toEqual([
      'https://b.example/1.pdf',
    ])
    expect(mayVisit('https://export.arxiv.org/pdf/1')).toBe(true)
    await answer(question, 'rejected')
    expect(addresses.filter((await approval(allowed)).mayVisit)).toEqual([])
  })
})
