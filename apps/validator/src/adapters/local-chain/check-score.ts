import { InputError } from '@subnetkit/core'

/** Refuses what no validator could find a miner worth. @throws InputError for a score out of [0, 1] */
export function checkScore(hotkey: string, score: number): void {
  if (score >= 0 && score <= 1) return
  throw new InputError({
    field: `score of ${hotkey}`,
    value: Number.isFinite(score) ? score : String(score),
    problem: 'is no score',
    hint: 'give a number from 0 to 1',
  })
}
