import { longestReason, type PaperToLabel, type ScreeningState } from '../../contract/api/screening.ts'
import { type Keys, openKeys } from '../keys.ts'
import { printable } from '../progress/words.ts'
import { withReviews } from '../reviews/open.ts'
import type { Reviews } from '../reviews/reviews.ts'
import { colors, remark } from '../terminal.ts'
import { followToEnd, type Shown } from './follow.ts'

/** An abstract is shown up to this many characters. */
const abstractShown = 1200

const help = 'i include · e exclude · m maybe · r include or exclude with a reason · u undo · q stop here'

/** `sheaf screen`: labels papers, one key each, then lets the review go on with what was learnt. */
export async function screen(session: string, shown: Shown): Promise<void> {
  await withReviews(async (reviews) => {
    const before = JSON.stringify(await reviews.labels(session))
    const { question } = await reviews.screening(session)
    const keys = openKeys()
    try {
      remark(colors.bold(printable(question)))
      remark(colors.dim(help))
      await labelPapers(reviews, session, keys)
    } finally {
      keys.close()
    }
    if (JSON.stringify(await reviews.labels(session)) === before) {
      remark('No label was changed; the review stays as it is.')
      return
    }
    await followToEnd(reviews, await reviews.redoScreening(session), shown)
  })
}

async function labelPapers(reviews: Reviews, session: string, keys: Keys): Promise<void> {
  for (;;) {
    const paper = await reviews.nextToLabel(session)
    if (!paper) break
    showPaper(paper, await reviews.screening(session))
    if ((await labelPaper(paper, reviews, session, keys)) === 'stop') return
  }
  remark('Every paper has a label.')
}

/** Asks until the paper is labelled, a label is taken back, or the person stops. */
async function labelPaper(
  { id: paperId }: PaperToLabel,
  reviews: Reviews,
  session: string,
  keys: Keys,
): Promise<'next' | 'stop'> {
  for (;;) {
    const key = await keys.next()
    if (key === 'i' || key === 'e' || key === 'm') {
      await reviews.label(session, { paperId, label: labels[key] })
      return 'next'
    }
    if (key === 'r') {
      const reason = (await keys.line('Reason: ')).slice(0, longestReason)
      const verdict = await keys.next('include (i) or exclude (e)? ')
      if (verdict !== 'i' && verdict !== 'e') continue
      await reviews.label(session, { paperId, label: labels[verdict], ...(reason ? { reason } : {}) })
      return 'next'
    }
    if (key === 'u') {
      const undone = await reviews.undoLabel(session)
      remark(undone === undefined ? 'There is no label to take back.' : 'Taken back.')
      return 'next'
    }
    if (key === 'q' || key === undefined) return 'stop'
    remark(colors.dim(help))
  }
}

const labels = { i: 'include', e: 'exclude', m: 'maybe' } as const

function showPaper({ fields }: PaperToLabel, state: ScreeningState): void {
  const { title, authors, year, venue, abstract } = fields
  const names = authors.map(({ family }) => family)
  const who = names.length > 3 ? `${names.slice(0, 3).join(', ')} et al.` : names.join(', ')
  remark()
  remark(colors.dim(progressOf(state)))
  remark(colors.bold(printable(title)))
  remark(printable([who, year, venue].filter(Boolean).join(' · ')))
  remark(abstract === undefined ? colors.dim('No abstract.') : printable(cut(abstract)))
}

function progressOf({ total, labelled, included, advice }: ScreeningState): string {
  const { stop, unseen, unseenAtMost } = advice
  const estimate =
    labelled === 0
      ? ''
      : stop
        ? ` · you may stop: 95 % of the relevant papers have been seen, with 95 % confidence`
        : ` · probably ${unseen} relevant ${unseen === 1 ? 'paper' : 'papers'} unseen, at most ${unseenAtMost}`
  return `${labelled} of ${total} labelled, ${included} included${estimate}`
}

function cut(text: string): string {
  return text.length <= abstractShown ? text : `${text.slice(0, abstractShown)} …`
}
