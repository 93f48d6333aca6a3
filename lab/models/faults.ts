import { chanceOf } from './chance.ts'

/** What goes wrong at one provider: shares of calls from 0 to 1, and states. */
export interface ModelFaults {
  /** Closes the connection without a word. */
  down: boolean
  /** Every call is refused: the quota is gone. */
  quotaGone: boolean
  serverError: number
  /** 529 at Anthropic, 503 elsewhere. */
  overloaded: number
  /** 429 though no limit was passed, and for the next second. */
  rateLimited: number
  /** Streams end with `insufficient_quota`; what is not streamed is refused so. */
  quotaMidStream: number
  /** The answer's JSON ends in the middle. */
  malformed: number
  refused: number
  /** The first token takes twenty times as long. */
  slow: number
  /** Share of the entries of answers that are wrong: quotations altered, identifiers made up, entries left out. */
  wrong: number
}

/** Nothing goes wrong but that models err. */
export const noFaults: ModelFaults = {
  down: false,
  quotaGone: false,
  serverError: 0,
  overloaded: 0,
  rateLimited: 0,
  quotaMidStream: 0,
  malformed: 0,
  refused: 0,
  slow: 0,
  wrong: 0.03,
}

/** Faults that end a call or spoil its answer; at most one of them strikes. */
const striking = [
  'serverError',
  'overloaded',
  'rateLimited',
  'quotaMidStream',
  'malformed',
  'refused',
] as const
export type StrikingFault = (typeof striking)[number]

/** The fault that strikes a call, if one does: decided by the keys, whatever the order in which calls come. */
export function faultOf(
  faults: ModelFaults,
  ...keys: readonly (string | number)[]
): StrikingFault | undefined {
  let drawn = chanceOf(...keys, 'fault')
  for (const fault of striking) {
    if (drawn < faults[fault]) return fault
    drawn -= faults[fault]
  }
  return undefined
}
