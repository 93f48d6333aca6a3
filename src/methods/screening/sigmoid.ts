/** Where the margin of 0 is the border until there are labels to learn a better one from. */
const plainSlope = 4
const mostSteps = 100

/**
 * Turns margins into probabilities: 1 / (1 + exp(a · margin + b)) fitted by maximum likelihood to margins of known
 * outcome (Platt 1999, with the targets and Newton steps of Lin, Lin & Weng 2007, "A note on Platt's probabilistic
 * outputs for support vector machines"). A higher margin never gives a lower probability. With outcomes of one kind only
 * there is nothing to fit, and the border is the margin 0.
 */
export function fitSigmoid(
  outcomes: readonly { margin: number; positive: boolean }[],
): (margin: number) => number {
  const positives = outcomes.filter(({ positive }) => positive).length
  const negatives = outcomes.length - positives
  if (positives === 0 || negatives === 0) return (margin) => 1 / (1 + Math.exp(-plainSlope * margin))

  const target = (positive: boolean) => (positive ? (positives + 1) / (positives + 2) : 1 / (negatives + 2))
  const loss = (slope: number, offset: number) => {
    let total = 0
    for (const { margin, positive } of outcomes) {
      const exponent = slope * margin + offset
      const wanted = target(positive)
      total += Math.max(exponent, 0) - wanted * exponent + Math.log1p(Math.exp(-Math.abs(exponent)))
    }
    return total
  }

  let slope = 0
  let offset = Math.log((positives + 1) / (negatives + 1))
  let current = loss(slope, offset)
  for (let step = 0; step < mostSteps; step++) {
    let gradientSlope = 0
    let gradientOffset = 0
    let slopeSlope = 1e-12
    let slopeOffset = 0
    let offsetOffset = 1e-12
    for (const { margin, positive } of outcomes) {
      const probability = 1 / (1 + Math.exp(-(slope * margin + offset)))
      const error = probability - target(positive)
      const spread = probability * (1 - probability)
      gradientSlope += error * margin
      gradientOffset += error
      slopeSlope += spread * margin * margin
      slopeOffset += spread * margin
      offsetOffset += spread
    }
    if (Math.abs(gradientSlope) < 1e-6 && Math.abs(gradientOffset) < 1e-6) break
    const determinant = slopeSlope * offsetOffset - slopeOffset * slopeOffset
    const towardsSlope = -(offsetOffset * gradientSlope - slopeOffset * gradientOffset) / determinant
    const towardsOffset = -(slopeSlope * gradientOffset - slopeOffset * gradientSlope) / determinant
    let length = 1
    while (length > 1e-10) {
      const next = loss(slope + length * towardsSlope, offset + length * towardsOffset)
      if (next < current) {
        slope += length * towardsSlope
        offset += length * towardsOffset
        current = next
        break
      }
      length /= 2
    }
    if (length <= 1e-10) break
  }
  const rising = Math.max(slope, 0)
  return (margin) => 1 / (1 + Math.exp(-(rising * margin + offset)))
}
