import { StorageError } from '@subnetkit/core'

/** Gives each changed row a larger `_version` than the one before. */
export interface VersionClock {
  /** Microseconds since 1970, shifted left by 10 bits, plus the writer's id. Strictly increasing per clock. */
  next(): bigint
}

/** What a version clock needs. */
export interface VersionClockOptions {
  /** Milliseconds since 1970; fractions count. It may stand still or step back. */
  readonly now: () => number
  /** 0…1023, different for each process that writes the same table at the same time. */
  readonly writerId: number
}

const WRITER_BITS = 10n
const MAX_VERSION = 18_446_744_073_709_551_615n

/**
 * A clock for `_version` columns. When `now` stands still or steps back, the last version is counted up by a
 * microsecond, so that a later write of this process always wins. Between processes the later clock wins; the writer's
 * id keeps their versions apart. One clock per process, shared by all repositories.
 */
export function createVersionClock({ now, writerId }: VersionClockOptions): VersionClock {
  if (!Number.isInteger(writerId) || writerId < 0 || writerId > 1_023) {
    throw new StorageError({
      code: 'invalid_input',
      message: `writerId ${writerId} is not an integer between 0 and 1023`,
      details: { writerId },
    })
  }
  let last = -1n
  return {
    next() {
      const milliseconds = now()
      if (!Number.isFinite(milliseconds) || milliseconds < 0) {
        throw new StorageError({
          code: 'invalid_input',
          message: `the clock gave ${milliseconds} milliseconds`,
        })
      }
      const micros = BigInt(Math.floor(milliseconds * 1_000))
      last = micros > last ? micros : last + 1n
      const version = (last << WRITER_BITS) | BigInt(writerId)
      if (version <= MAX_VERSION) return version
      throw new StorageError({ code: 'invalid_input', message: 'the clock is beyond the year 2500' })
    },
  }
}
