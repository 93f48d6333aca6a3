import type { SessionSettings } from '../contract/settings.ts'
import { auditTask } from './audit/audit-task.ts'
import { chaseTask } from './chase/chase-task.ts'
import { joinTask } from './chase/join-task.ts'
import { claimsTask } from './claims/claims-task.ts'
import { fetchTask } from './collect/fetch-task.ts'
import { listTask } from './collect/list-task.ts'
import { extractTask } from './extract/extract-task.ts'
import { gapsTask } from './gaps/gaps-task.ts'
import { mergeTask } from './merge/merge-task.ts'
import { planTask } from './plan/plan-task.ts'
import { readTask } from './read/read-task.ts'
import { reportTask } from './report/report-task.ts'
import { screenTask } from './screen/screen-task.ts'
import type { TaskKind } from './task.ts'
import { themesTask } from './themes/themes-task.ts'

/** Part of a review that ends before the next begins. Within it, an item goes from one kind to the next by itself. */
export interface Step {
  readonly name: string
  readonly kinds: readonly TaskKind[]
  /** Whether a review with these settings has this step; absent: every review has it. */
  wanted?(settings: SessionSettings): boolean
}

function isChasing({ chase }: SessionSettings): boolean {
  return chase.length > 0
}

/** The order of a review. A new phase is one line here and one folder beside. */
export const steps: readonly Step[] = [
  { name: 'plan', kinds: [planTask] },
  { name: 'collect', kinds: [listTask, fetchTask] },
  { name: 'merge', kinds: [mergeTask] },
  { name: 'screen', kinds: [screenTask] },
  { name: 'chase', kinds: [chaseTask], wanted: isChasing },
  { name: 'join', kinds: [joinTask], wanted: isChasing },
  { name: 'study', kinds: [readTask, extractTask] },
  { name: 'themes', kinds: [themesTask] },
  { name: 'claims', kinds: [claimsTask] },
  { name: 'audit', kinds: [auditTask] },
  { name: 'gaps', kinds: [gapsTask] },
  { name: 'report', kinds: [reportTask] },
]

/** Every kind of task by its name, as jobs name it. */
export const taskKinds: ReadonlyMap<string, TaskKind> = new Map(
  steps.flatMap((step) => step.kinds.map((kind) => [kind.name, kind] as const)),
)
