import { decimalSchema } from '@subnetkit/core'

import type { AxonProbe } from './axon-probe.ts'

/** Four axons that do not exist: uid 3 never answers, uid 2 every other second. Put your own prober here. */
export async function probeInvented(
  network: string,
  netuid: number,
  at: Date,
): Promise<readonly AxonProbe[]> {
  return [0, 1, 2, 3].map((uid) => ({
    network,
    netuid,
    uid,
    hotkey: `5Invented${uid}`,
    probedAt: at,
    latencyMs: isUp(uid, at) ? 10 * (uid + 1) : null,
    stake: decimalSchema.parse(`${1_000 + uid}.000000001`),
  }))
}

function isUp(uid: number, at: Date): boolean {
  return uid < 2 || (uid === 2 && Math.floor(at.getTime() / 1_000) % 2 === 0)
}
