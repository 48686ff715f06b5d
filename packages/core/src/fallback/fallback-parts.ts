import type { Logger } from '../observability/logger.ts'
import type { OutboxRepository } from '../repositories/outbox-repository.ts'
import type { Clock } from '../tasks/clock.ts'
import type { BreakerSettings } from './breaker-state.ts'
import { CircuitBreaker } from './circuit-breaker.ts'
import type { FallbackMetrics } from './fallback-metrics.ts'

/** How long is waited, and when it is waited no more. */
export interface FallbackSettings {
  /** What a read may take at one store, in ms. @default 2000 */
  readonly readLimitMs: number
  /** What each step of a write may take, in ms; far below `PENDING_GRACE_MS`. @default 10000 */
  readonly writeLimitMs: number
  /** @default 5 failures in a row, then 5000 ms */
  readonly breaker: BreakerSettings
}

/** See {@link FallbackSettings}. */
export const DEFAULT_FALLBACK_SETTINGS: FallbackSettings = {
  readLimitMs: 2_000,
  writeLimitMs: 10_000,
  breaker: { failures: 5, openMs: 5_000 },
}

/** A store that may have to be opened first, or may not be there: then `read` rejects. */
export interface FallbackSource<Copy> {
  /** A registry that is simply there: `{ read: (question) => question(repositories) }`. */
  read<Result>(question: (copy: Copy) => Promise<Result>): Promise<Result>
}

/** What reads and writes of a registry with a fallback share. */
export interface FallbackParts<Primary, Copy> {
  /** The store that decides. */
  readonly primary: Primary
  /** The store that copies: never written to here. */
  readonly fallback: FallbackSource<Copy>
  readonly outbox: OutboxRepository
  /** Asked each time that the primary does not answer; false gives its failure to the caller. */
  readonly isFallbackAllowed: () => boolean
  readonly clock: Clock
  /** A UUID that no earlier call gave. */
  readonly newId: () => string
  readonly metrics: FallbackMetrics
  readonly log: Logger
  readonly settings: FallbackSettings
  readonly breakers: Readonly<Record<'primary' | 'outbox', CircuitBreaker>>
}

/** A breaker for each store that calls go to first. Says each switch once: not with every call that it stops. */
export function createBreakers({
  clock,
  metrics,
  log,
  settings,
}: Pick<FallbackParts<unknown, unknown>, 'clock' | 'metrics' | 'log' | 'settings'>): FallbackParts<
  unknown,
  unknown
>['breakers'] {
  const breakerOf = (store: 'primary' | 'outbox'): CircuitBreaker =>
    new CircuitBreaker({
      settings: settings.breaker,
      clock,
      onSwitch: (to, from) => {
        metrics.breaker(store, to)
        if (to === 'closed') log.info({ store }, `the ${store} of the agent registry answers again`)
        if (to !== 'open' || from !== 'closed') return
        const { openMs } = settings.breaker
        log.warn({ store, tryAgainEveryMs: openMs }, `the ${store} of the agent registry does not answer`)
      },
    })
  return { primary: breakerOf('primary'), outbox: breakerOf('outbox') }
}
