/**
 * e^x for |x| ≤ 700, built from + − × ÷ only. IEEE 754 fixes those four to the last bit, while Math.exp may differ
 * between engines and versions; a dataset must come out byte for byte the same on each of them.
 */
export function portableExp(x: number): number {
  const halvings = Math.floor(x / Math.LN2 + 0.5)
  const rest = x - halvings * Math.LN2
  let term = 1
  let sum = 1
  for (let order = 1; order <= 13; order++) {
    term = (term * rest) / order
    sum += term
  }
  for (let step = 0; step < halvings; step++) sum *= 2
  for (let step = 0; step > halvings; step--) sum *= 0.5
  return sum
}

const NORMAL_STEPS = 2048
const NORMAL_EDGE = 4
const GRID_PER_UNIT = 1024

/** Quantiles of the normal distribution at k/2048, cut at ±4, by the trapezoid rule over {@link portableExp}. */
function normalQuantiles(): Float64Array {
  const cells = 2 * NORMAL_EDGE * GRID_PER_UNIT
  const cumulative = new Float64Array(cells + 1)
  let before = portableExp((-NORMAL_EDGE * NORMAL_EDGE) / 2)
  for (let cell = 1; cell <= cells; cell++) {
    const x = cell / GRID_PER_UNIT - NORMAL_EDGE
    const density = portableExp((-x * x) / 2)
    cumulative[cell] = (cumulative[cell - 1] ?? 0) + before + density
    before = density
  }
  const total = cumulative[cells] ?? 1
  const quantiles = new Float64Array(NORMAL_STEPS + 1)
  let cell = 0
  for (let step = 1; step < NORMAL_STEPS; step++) {
    const wanted = (total * step) / NORMAL_STEPS
    while ((cumulative[cell + 1] ?? total) < wanted) cell += 1
    const low = cumulative[cell] ?? 0
    const high = cumulative[cell + 1] ?? total
    quantiles[step] = (cell + (wanted - low) / (high - low)) / GRID_PER_UNIT - NORMAL_EDGE
  }
  quantiles[0] = -NORMAL_EDGE
  quantiles[NORMAL_STEPS] = NORMAL_EDGE
  return quantiles
}

const quantiles = normalQuantiles()

/** The standard normal quantile of `bits / 2^32`, for a uniform 32-bit `bits`; within [−4, 4], by table and line. */
export function normalFromBits(bits: number): number {
  const step = bits >>> 21
  const share = (bits & 0x1fffff) / 0x200000
  const low = quantiles[step] ?? 0
  return low + ((quantiles[step + 1] ?? low) - low) * share
}
