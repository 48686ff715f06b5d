/**
 * Turns "chance alone would give this many" into a confidence in [0, 1]: 0.5 at 1, 0.91 at 1e-4, 0.99 at 1e-8. Only
 * square roots, which are exact to the last bit on every machine.
 */
export function confidenceOfChance(expectedByChance: number): number {
  return 1 / (1 + Math.sqrt(Math.sqrt(Math.max(0, expectedByChance))))
}
