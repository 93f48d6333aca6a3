import { chanceOf } from './chance.ts'

/** How long a model takes, in milliseconds: medians, and how far draws spread (sigma of the log-normal distribution). */
export interface ModelLatency {
  firstToken: number
  perToken: number
  spread: number
}

/** Answers at once. */
export const noLatency: ModelLatency = { firstToken: 0, perToken: 0, spread: 0 }

/** One call's draw, decided by its keys. */
export function drawLatency(
  { firstToken, perToken, spread }: ModelLatency,
  ...keys: readonly (string | number)[]
): { firstToken: number; perToken: number } {
  const [one, other] = [chanceOf(...keys, 'first'), chanceOf(...keys, 'second')]
  // Box and Muller (1958): two numbers from a normal distribution of two from an even one.
  const radius = Math.sqrt(-2 * Math.log(1 - one))
  const normal = [radius * Math.cos(2 * Math.PI * other), radius * Math.sin(2 * Math.PI * other)]
  return {
    firstToken: firstToken * Math.exp(spread * normal[0]!),
    perToken: perToken * Math.exp(spread * normal[1]!),
  }
}
