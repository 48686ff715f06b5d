import type { Miner, MinerDeparture, MinerPlace } from '../models/miner.ts'

/** Whether a miner is paused at a moment. A pause ends at its `until` without anybody's doing. */
export function isPaused(miner: Pick<Miner, 'pause'>, now: Date): boolean {
  const { pause } = miner
  return pause !== null && (pause.until === null || now.getTime() < pause.until.getTime())
}

/** Whether the chain had the hotkey once, or was told to have it, and has it no more. Who was never looked for is not. */
export function isDeregistered({ place }: Pick<Miner, 'place'>): boolean {
  return place !== null && place.uid === null
}

/**
 * What a miner leaves when the chain has it at `place`: the uids that it was known under, the place's own only when the
 * hotkey was registered there anew.
 */
export function departuresTo(
  miner: Pick<Miner, 'uid' | 'place'>,
  place: MinerPlace,
  now: Date,
): readonly MinerDeparture[] {
  const before = miner.place
  const netuid = before?.netuid ?? place.netuid
  const isSameRegistration = before?.uid !== place.uid || before?.registeredAt === place.registeredAt
  const known = new Set([miner.uid, before?.uid ?? null])
  return [...known].flatMap((uid) => {
    if (uid === null || (uid === place.uid && isSameRegistration)) return []
    return [{ netuid, uid, at: now }]
  })
}

/** The order of departures in a miner: by time, then netuid and uid. */
export function byDeparture(a: MinerDeparture, b: MinerDeparture): number {
  return a.at.getTime() - b.at.getTime() || a.netuid - b.netuid || a.uid - b.uid
}
