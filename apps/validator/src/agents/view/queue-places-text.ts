import type { QueuePlace } from '@subnetkit/core'

import { plainTable } from '../../plain-table.ts'

/** Where a version stands with each of its validators. */
export function queuePlacesText(places: readonly QueuePlace[]): string {
  return plainTable(
    ['place', 'validator'],
    places.map(({ place, validatorHotkey }) => [placeText(place), validatorHotkey]),
  )
}

function placeText(place: number | null): string {
  if (place === null) return 'ended without a score'
  if (place < 0) return 'completed'
  return place === 0 ? 'running' : `waits, place ${place}`
}
