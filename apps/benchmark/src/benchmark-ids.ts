import { createHash } from 'node:crypto'

import type { BenchmarkRunKey, ImageType } from '@subnetkit/core'

/** A UUID (version 8, RFC 9562 §5.8) of what something is: the same thing has the same id wherever it is made. */
function idOf(kind: string, ...parts: readonly (string | number)[]): string {
  const hex = createHash('sha256')
    .update(JSON.stringify([kind, ...parts]))
    .digest('hex')
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** An epoch's id; `tournamentId` is null outside of tournaments. */
export function epochIdOf(
  epoch: Readonly<{
    tournamentId: string | null
    imageType: ImageType
    hotkey: string
    startDate: string
  }>,
): string {
  return idOf('epoch', epoch.tournamentId ?? '', epoch.imageType, epoch.hotkey, epoch.startDate)
}

/** A run's id. */
export function runIdOf(key: Readonly<BenchmarkRunKey>): string {
  return idOf('run', key.epochId, key.hotkey, key.testDate, key.network, key.windowDays)
}

/** A tournament's id: its name and type; a name is used once. */
export function tournamentIdOf(tournament: Readonly<{ name: string; imageType: ImageType }>): string {
  return idOf('tournament', tournament.imageType, tournament.name)
}

/** A baseline's id. */
export function baselineIdOf(baseline: Readonly<{ imageType: ImageType; version: string }>): string {
  return idOf('baseline', baseline.imageType, baseline.version)
}
