const MAX_STEPS = 100
const NEWTON_STEPS = 30
const PRECISION = 1e-14

/**
 * The value below which a Beta(a, b) variable falls with the given probability; `a` and `b` of at least 0.5, as an
 * interval of a share needs them. Correct to about 1e-11.
 *
 * Written out here because the maintained package for it brings 231 others, and the light one is right to 8e-9 only,
 * which is less than the billionths that scores are stored in.
 */
export function betaQuantile(probability: number, a: number, b: number): number {
  if (probability <= 0) return 0
  if (probability >= 1) return 1
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b)
  let low = 0
  let high = 1
  let x = a / (a + b)
  for (let step = 0; step < MAX_STEPS; step++) {
    const excess = incompleteBeta(x, a, b, logBeta) - probability
    if (excess < 0) low = x
    else high = x
    const density = Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - logBeta)
    const newton = x - excess / density
    const isInside = step < NEWTON_STEPS && newton > low && newton < high
    const next = isInside ? newton : (low + high) / 2
    if (Math.abs(next - x) < PRECISION) return next
    x = next
  }
  return x
}

/** The regularised incomplete beta function: the probability of a value below `x`. */
function incompleteBeta(x: number, a: number, b: number, logBeta: number): number {
  // The fraction converges fast on this side of the mean only; the other side is its mirror.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a, logBeta)
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta) / a
  return front * betaFraction(x, a, b)
}

/** The continued fraction of the incomplete beta function, from its front by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  let numerator = 1
  let denominator = awayFromZero(1 - ((a + b) * x) / (a + 1))
  let value = 1 / denominator
  for (let k = 1; k < 10_000; k++) {
    const even = (k * (b - k) * x) / ((a + 2 * k - 1) * (a + 2 * k))
    denominator = awayFromZero(1 + even / denominator)
    numerator = awayFromZero(1 + even / numerator)
    value *= numerator / denominator
    const odd = (-(a + k) * (a + b + k) * x) / ((a + 2 * k) * (a + 2 * k + 1))
    denominator = awayFromZero(1 + odd / denominator)
    numerator = awayFromZero(1 + odd / numerator)
    const change = numerator / denominator
    value *= change
    if (Math.abs(change - 1) < 1e-15) break
  }
  return value
}

function awayFromZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value
}

/** Logarithm of the gamma function by Stirling's series, which is exact enough from 15 on; smaller ones are moved up. */
function logGamma(value: number): number {
  let x = value
  let product = 1
  while (x < 15) {
    product *= x
    x += 1
  }
  const inverse = 1 / (x * x)
  const series =
    (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))) / x
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product)
}
