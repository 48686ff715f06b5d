import type { CurveParameters } from './pathways-parameters.ts'

/** Half of the last bit of a double, of its size, at least. */
const HALF_BIT = 2 ** -54
/** Far more than powers and exponentials can be wrong by. */
const MARGIN = 16
/** Weights below this take the long way always, so that one distance holds for all others. */
const LEAST_FAR = 2 ** -8

/**
 * The generalised logistic curve, and a little more for each weight above 0 so that its flat ends still rise. Far below
 * the midpoint the logistic part is less than half of the last bit of that little: adding it would change nothing, so it
 * is not worked out there, which saves a power for most miners.
 */
export function followCurve(
  normalised: Float64Array,
  curved: Float64Array,
  midpoint: number,
  curve: CurveParameters,
): void {
  const { lower, upper, q, b, v, tilt } = curve
  const power = 1 / v
  const flat = midpoint - distanceOfFlatEnd(curve)
  for (let miner = 0; miner < normalised.length; miner += 1) {
    const weight = normalised[miner] ?? 0
    if (!(weight > 0)) {
      curved[miner] = 0
      continue
    }
    if (weight < flat && weight >= LEAST_FAR) {
      curved[miner] = tilt * weight
      continue
    }
    const logistic = (1 + q * Math.exp(-b * (weight - midpoint))) ** power
    curved[miner] = lower + (upper - lower) / logistic + tilt * weight
  }
}

/** How far below the midpoint `upper / logistic < HALF_BIT × tilt × weight` for every weight from {@link LEAST_FAR} on. */
function distanceOfFlatEnd({ lower, upper, q, b, v, tilt }: CurveParameters): number {
  if (lower !== 0) return Infinity
  const logistic = (MARGIN * upper) / (HALF_BIT * tilt * LEAST_FAR)
  return (v * Math.log(logistic) - Math.log(q)) / b
}
