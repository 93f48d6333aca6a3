/** One figure of a scenario. */
export interface Figure {
  readonly name: string
  readonly value: number
  /** `s`, `%`, `calls`, …; empty for a ratio. */
  readonly unit: string
  readonly atLeast?: number
  readonly atMost?: number
  /** Follows from documented rules, and was not measured. */
  readonly computed?: true
}

/** What a scenario is told on the command line. */
export interface ScenarioOptions {
  /** A folder of papers to measure with as well. */
  readonly folder?: string | undefined
  /** How many papers `million` stores instead of a million. */
  readonly papers?: number
}

/** What a scenario measures; it makes what it needs, and leaves nothing behind. */
export type Scenario = (options: ScenarioOptions) => Promise<Figure[]>

/** Whether a figure keeps to its bounds; one without any does. */
export function isReached({ value, atLeast = -Infinity, atMost = Infinity }: Figure): boolean {
  return value >= atLeast && value <= atMost
}

/** A figure as a line of the table. */
export function lineOf(figure: Figure): string {
  const { name, value, unit, atLeast, atMost, computed } = figure
  const goal = atLeast !== undefined ? `at least ${atLeast}` : atMost !== undefined ? `at most ${atMost}` : ''
  const verdict = goal === '' ? (computed ? 'computed' : '') : isReached(figure) ? goal : `${goal}: MISSED`
  return `  ${name.padEnd(58)} ${shown(value).padStart(10)} ${unit.padEnd(12)} ${verdict}`.trimEnd()
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 1)
}
