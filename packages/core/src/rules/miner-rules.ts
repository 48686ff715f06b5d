import type { Miner } from '../models/miner.ts'

/** Whether a miner is paused at a moment. A pause ends at its `until` without anybody's doing. */
export function isPaused(miner: Pick<Miner, 'pause'>, now: Date): boolean {
  const { pause } = miner
  return pause !== null && (pause.until === null || now.getTime() < pause.until.getTime())
}
