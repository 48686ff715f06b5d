import type { ThresholdParameters } from './layers-parameters.ts'
import { toNano, NANO } from './nano-units.ts'

/**
 * What a later miner has to pass to count as better than this one, in billionths, at most 1: whoever has 0.98 or more
 * cannot be passed with the default constants.
 */
export function thresholdNano(
  params: Readonly<{ scoreNano: number; sampleCount: number; threshold: ThresholdParameters }>,
): number {
  const { scoreNano, threshold } = params
  const score = scoreNano / NANO
  const gap = Math.min(threshold.most, Math.max(threshold.least, plainGap(score, params)))
  return Math.min(NANO, scoreNano + toNano(gap))
}

function plainGap(
  score: number,
  { sampleCount, threshold }: Readonly<{ sampleCount: number; threshold: ThresholdParameters }>,
): number {
  if (threshold.kind === 'remaining_share') return (1 - score) * threshold.share
  // Without samples nothing is known, so the gap is as wide as it may be.
  return sampleCount === 0
    ? threshold.most
    : threshold.factor * Math.sqrt((score * (1 - score)) / sampleCount)
}
