import { createHash } from 'node:crypto'

import { addressOf } from '@subnetkit/core/ss58'

/** A hotkey for trying things out, with a right checksum, that follows from a name alone; nobody holds its key. */
export function devHotkey(name: string): string {
  return addressOf(createHash('sha256').update(`subnetkit dev ${name}`).digest())
}
