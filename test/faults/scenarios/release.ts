import type { Fault } from './scenario.ts'

export const releaseFaults: Record<string, Fault> = {}
