import type { Phase } from '../../contract/events.ts'

/** What each phase does, as its line on the terminal says it. */
export const phaseNames: Record<Phase, string> = {
  plan: 'Plan',
  collect: 'Collect',
  merge: 'Merge duplicates',
  screen: 'Screen',
  chase: 'Follow citations',
  read: 'Read',
  extract: 'Extract evidence',
  themes: 'Find themes',
  claims: 'Make claims',
  audit: 'Audit claims',
  gaps: 'Find gaps',
  report: 'Write report',
}

/** `{ core: 3, papers: 1 }` as "3 core, 1 paper"; zeros are left out. Names are plurals, as "duplicates merged". */
export function countsInWords(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, count]) => count !== 0)
    .map(([name, count]) => `${count} ${count === 1 ? name.replace(/s\b/, '') : name}`)
    .join(', ')
}

/** Milliseconds as "0.3 s" or "2 min 05 s". */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`
}

/** Untrusted text made fit for a terminal: control characters, which could move its cursor or fake its output, are shown as "�". */
export function printable(text: string): string {
  return text.replace(/\p{Cc}|\p{Cf}/gu, '\uFFFD')
}
