import { isDeregistered, type Miner } from '@subnetkit/core'

import { isPaused } from './sampled-miners.ts'

/** A miner as `--json` prints it. */
export interface ShownMiner extends Omit<
  Miner,
  'endpointCheckedAt' | 'departures' | 'pause' | 'statistics' | 'updatedAt'
> {
  /** `sampled`, `paused`, `invalid`, `deregistered` or `no endpoint`. */
  readonly status: string
  readonly pause: { readonly reason: string; readonly since: string; readonly until: string | null } | null
  readonly statistics: Omit<Miner['statistics'], 'lastSampleAt'> & { readonly lastSampleAt: string | null }
  /** Scored samples among all; null without any. */
  readonly successRate: number | null
}

/** A miner for `--json`; times are UTC, ISO 8601. A pause that is over is not shown. */
export function showMiner(miner: Miner, now: Date): ShownMiner {
  const { endpointCheckedAt: _checked, departures: _left, updatedAt: _updated, ...shown } = miner
  const { pause, statistics, ...rest } = shown
  const { totalSamples, successCount, lastSampleAt } = statistics
  return {
    ...rest,
    status: statusOf(miner, now),
    pause:
      pause === null || !isPaused(miner, now)
        ? null
        : {
            reason: pause.reason,
            since: pause.since.toISOString(),
            until: pause.until?.toISOString() ?? null,
          },
    statistics: { ...statistics, lastSampleAt: lastSampleAt?.toISOString() ?? null },
    successRate: totalSamples === 0 ? null : successCount / totalSamples,
  }
}

/** Column heads that go with {@link minerRow}. */
export const minerHead = ['hotkey', 'uid', 'status', 'model', 'samples', 'answered', 'why it rests'] as const

/** A miner as a row for a person. */
export function minerRow(miner: Miner, now: Date): readonly string[] {
  const shown = showMiner(miner, now)
  const { pause } = shown
  const until = pause?.until === null ? 'until it is resumed' : `until ${pause?.until ?? ''}`
  return [
    shown.hotkey,
    shown.uid === null ? '–' : String(shown.uid),
    shown.status,
    `${shown.modelName}@${shown.modelRevision.slice(0, 12)}`,
    String(shown.statistics.totalSamples),
    shown.successRate === null ? '–' : `${(shown.successRate * 100).toFixed(1)} %`,
    pause === null ? (shown.invalidReason ?? '') : `${until}: ${pause.reason}`,
  ]
}

function statusOf(miner: Miner, now: Date): string {
  if (miner.invalidReason !== null) return 'invalid'
  if (isDeregistered(miner)) return 'deregistered'
  if (isPaused(miner, now)) return 'paused'
  return miner.endpoint === null ? 'no endpoint' : 'sampled'
}
