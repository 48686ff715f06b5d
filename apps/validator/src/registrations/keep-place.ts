import type { Miner, MinerRegistration } from '@subnetkit/core'

/**
 * A registration by hand, beside what the chain said of its hotkey: once the chain was asked, uid and coldkey are its word,
 * so that whoever only names a new endpoint moves nobody.
 */
export function keepPlace(registration: MinerRegistration, known: Miner | null): MinerRegistration {
  if (known === null || known.place === null) return registration
  return { ...registration, uid: known.place.uid, coldkey: known.coldkey }
}
