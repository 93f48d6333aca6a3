import type { Fault } from './scenario.ts'

export const redisFaults: Record<string, Fault> = {}
