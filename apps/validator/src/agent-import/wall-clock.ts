import { InputError } from '@subnetkit/core'

/** What a time on the wall of a place was. */
export type WallTime = Readonly<{ kind: 'instant'; ms: number }> | Readonly<{ kind: 'skipped' }>

/** Turns times that a place's clocks showed into instants. */
export interface WallClock {
  readonly zone: string
  /**
   * @param wallMs what the clock showed, as if it had shown UTC, in ms.
   * @returns `skipped` for a time that clocks jumped over; of one that they showed twice the first, as Python takes it.
   */
  read(wallMs: number): WallTime
}

const [MINUTE, DAY] = [60_000, 86_400_000]
/** More minutes than a dump holds; beyond, the memory is begun anew. */
const MAX_KNOWN = 200_000

/** The clocks of an IANA zone such as `Europe/Berlin`. @throws InputError for a zone that the platform does not know. */
export function createWallClock(zone: string): WallClock {
  const format = formatOf(zone)
  if (format.resolvedOptions().timeZone === 'UTC') {
    return { zone, read: (wallMs) => ({ kind: 'instant', ms: wallMs }) }
  }
  /** By minute, since no clock jumps within one: how far the place is ahead of UTC, in ms; null where it jumped. */
  const known = new Map<number, number | null>()
  return {
    zone,
    read: (wallMs) => {
      const minute = Math.floor(wallMs / MINUTE)
      let ahead = known.get(minute)
      if (ahead === undefined) {
        ahead = aheadAt(format, minute * MINUTE)
        if (known.size >= MAX_KNOWN) known.clear()
        known.set(minute, ahead)
      }
      return ahead === null ? { kind: 'skipped' } : { kind: 'instant', ms: wallMs - ahead }
    },
  }
}

function formatOf(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch (cause) {
    throw new InputError({
      field: '--time-zone',
      value: zone,
      problem: 'is not a time zone',
      hint: 'give one such as UTC or Europe/Berlin, the zone of the host that wrote the times',
      cause,
    })
  }
}

/** How far the place was ahead of UTC when its clocks showed this; null when they never did. */
function aheadAt(format: Intl.DateTimeFormat, wallMs: number): number | null {
  const before = offsetAt(format, wallMs - DAY)
  const after = offsetAt(format, wallMs + DAY)
  // A larger offset gives the earlier instant.
  const fitting = [Math.max(before, after), Math.min(before, after)].find(
    (offset) => offsetAt(format, wallMs - offset) === offset,
  )
  return fitting ?? null
}

function offsetAt(format: Intl.DateTimeFormat, instantMs: number): number {
  const parts = new Map(format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]))
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return shown - instantMs
}
