/**
 * Turns "chance alone would give this many" into a confidence in [0, 1]: 0.5 at 1, 0.76 at 1e-4, 0.91 at 1e-8, 0.99 at
 * 1e-16. It climbs slowly because real life is less even than chance. Only square roots, exact on every machine.
 */
export function confidenceOfChance(expectedByChance: number): number {
  return 1 / (1 + Math.sqrt(Math.sqrt(Math.sqrt(Math.max(0, expectedByChance)))))
}

/**
 * The same for a chain of hops, whose chance is the product of theirs: everyday hops depend on each other, so the product
 * says too much. Counts as its square root: 0.64 at 1e-4, 0.76 at 1e-8, 0.91 at 1e-16.
 */
export function confidenceOfChain(expectedByChance: number): number {
  return confidenceOfChance(Math.sqrt(Math.max(0, expectedByChance)))
}

/** Turns "this share of those reported may be chance" into a confidence in [0, 1]: 0.68 at 0.05, 0.85 at 0.001. */
export function confidenceOfFalseShare(falseShare: number): number {
  return 1 / (1 + Math.sqrt(Math.sqrt(Math.max(0, falseShare))))
}
