import type { Paper } from '../../contract/paper.ts'
import { openTeaching, redoScreening, type Teaching } from '../../session/teach-screening.ts'
import { type Keys, openKeys } from '../keys.ts'
import { printable } from '../progress/words.ts'
import { colors, remark } from '../terminal.ts'
import { followToEnd, type Shown } from './follow.ts'
import { sayOutcome } from './outcome.ts'
import { withApp } from './with-app.ts'

/** An abstract is shown up to this many characters. */
const abstractShown = 1200

const help = 'i include · e exclude · m maybe · r include or exclude with a reason · u undo · q stop here'

/** `sheaf screen`: labels papers, one key each, then lets the review go on with what was learnt. */
export async function screen(session: string, shown: Shown): Promise<void> {
  await withApp(async (app) => {
    const teaching = await openTeaching(app.deployment, session)
    const before = JSON.stringify(teaching.labels())
    const keys = openKeys()
    try {
      remark(colors.bold(printable(teaching.question)))
      remark(colors.dim(help))
      await labelPapers(teaching, keys)
    } finally {
      keys.close()
    }
    if (JSON.stringify(teaching.labels()) === before) {
      remark('No label was changed; the review stays as it is.')
      return
    }
    const lastEvent = await redoScreening(app.deployment, session)
    sayOutcome(app, session, await followToEnd(app, session, lastEvent, shown), shown.json)
  })
}

async function labelPapers(teaching: Teaching, keys: Keys): Promise<void> {
  for (let paper = teaching.next(); paper; paper = teaching.next()) {
    showPaper(paper, teaching)
    if ((await labelPaper(paper, teaching, keys)) === 'stop') return
  }
  remark('Every paper has a label.')
}

/** Asks until the paper is labelled, a label is taken back, or the person stops. */
async function labelPaper(paper: Paper, teaching: Teaching, keys: Keys): Promise<'next' | 'stop'> {
  for (;;) {
    const key = await keys.next()
    if (key === 'i' || key === 'e' || key === 'm') {
      await teaching.label({ paperId: paper.id, label: labels[key] })
      return 'next'
    }
    if (key === 'r') {
      const reason = await keys.line('Reason: ')
      const verdict = await keys.next('include (i) or exclude (e)? ')
      if (verdict !== 'i' && verdict !== 'e') continue
      await teaching.label({ paperId: paper.id, label: labels[verdict], ...(reason ? { reason } : {}) })
      return 'next'
    }
    if (key === 'u') {
      remark((await teaching.undo()) === undefined ? 'There is no label to take back.' : 'Taken back.')
      return 'next'
    }
    if (key === 'q' || key === undefined) return 'stop'
    remark(colors.dim(help))
  }
}

const labels = { i: 'include', e: 'exclude', m: 'maybe' } as const

function showPaper({ fields }: Paper, teaching: Teaching): void {
  const { title, authors, year, venue, abstract } = fields
  const names = authors.map(({ family }) => family)
  const who = names.length > 3 ? `${names.slice(0, 3).join(', ')} et al.` : names.join(', ')
  remark()
  remark(colors.dim(progressOf(teaching)))
  remark(colors.bold(printable(title)))
  remark(printable([who, year, venue].filter(Boolean).join(' · ')))
  remark(abstract === undefined ? colors.dim('No abstract.') : printable(cut(abstract)))
}

function progressOf(teaching: Teaching): string {
  const given = teaching.labels()
  const included = given.filter(({ label }) => label === 'include').length
  const { stop, unseen, unseenAtMost } = teaching.advice()
  const estimate =
    given.length === 0
      ? ''
      : stop
        ? ` · you may stop: 95 % of the relevant papers have been seen, with 95 % confidence`
        : ` · probably ${unseen} relevant ${unseen === 1 ? 'paper' : 'papers'} unseen, at most ${unseenAtMost}`
  return `${given.length} of ${teaching.total} labelled, ${included} included${estimate}`
}

function cut(text: string): string {
  return text.length <= abstractShown ? text : `${text.slice(0, abstractShown)} …`
}
