/** A number for an axis: 1200 is `1.2k`, 3400000 is `3.4M`. */
export function compactNumber(value: number): string {
  for (const [size, suffix] of [
    [1e12, 'T'],
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (Math.abs(value) >= size) return `${trimmed(value / size)}${suffix}`
  }
  return trimmed(value)
}

function trimmed(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0).replace(/\.0$/, '')
}

/** A score with four places, as tables show it. */
export function showScore(score: number): string {
  return score.toFixed(4)
}

/** A share as a percentage with one place, or a dash when there is none. */
export function showShare(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`
}

/** An exact decimal as whole dollars with thousands separated; it is for reading, not for computing. */
export function showDollars(decimal: string): string {
  const whole = decimal.replace(/\..*$/, '')
  return `$${whole.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',')}`
}
