import { themesOf } from '../store/synthesis.ts'
import type { TaskContext, TaskItem } from './task.ts'

/** The themes of a review, as what claims are made and audited by. */
export async function themeItems({ sql, session }: TaskContext): Promise<TaskItem[]> {
  return (await themesOf(sql, session.id)).map((theme) => ({ key: theme.id, label: theme.label }))
}
