import type { PatternInstance } from './pattern-instance.ts'

/** Counts of one shape, as META.json of the truth shows them. */
export interface PatternSummary {
  readonly shape: string
  readonly pattern_type: string
  readonly instances: number
  readonly accounts: number
  readonly transfers: number
  /** Accounts of the smallest instance. */
  readonly smallest: number
  /** Accounts of the largest instance. */
  readonly largest: number
}

/** What is planted, by shape in alphabetical order. */
export function summarisePatterns(instances: readonly PatternInstance[]): PatternSummary[] {
  const shapes = [...new Set(instances.map(({ shape }) => shape))].sort()
  return shapes.map((shape) => {
    const ofShape = instances.filter((instance) => instance.shape === shape)
    const sizes = ofShape.map(({ members }) => members.size)
    return {
      shape,
      pattern_type: ofShape[0]?.patternType ?? '',
      instances: ofShape.length,
      accounts: sizes.reduce((sum, size) => sum + size, 0),
      transfers: ofShape.reduce((sum, { transfers }) => sum + transfers.length, 0),
      smallest: Math.min(...sizes),
      largest: Math.max(...sizes),
    }
  })
}
