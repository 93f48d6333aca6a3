import type { Fault } from './scenario.ts'

export const databaseFaults: Record<string, Fault> = {}
