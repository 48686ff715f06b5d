import { type AddressLabel, type FeatureColumns, InputError, type TransferColumns } from '@subnetkit/core'

/** The observed window: [startMs, endMs) in milliseconds since 1970, UTC. */
export interface DetectionWindow {
  readonly network: string
  readonly startMs: number
  readonly endMs: number
  readonly windowDays: number
  /** YYYY-MM-DD; a part of every id. */
  readonly processingDate: string
}

/** What the detectors need to know of a label. */
export type DetectionLabel = Pick<AddressLabel, 'addressType' | 'riskLevel' | 'trustLevel'>

/** Everything that {@link detect} looks at. */
export interface DetectionInput {
  /** In the total order (time, from, to, amount, transfer id); the result is a function of that order alone. */
  readonly transfers: TransferColumns
  readonly window: DetectionWindow
  /** Labels by address id, the index in `transfers.addresses`. Only PROXIMITY_RISK and FRESH_TO_EXCHANGE read them. */
  readonly labels?: ReadonlyMap<number, DetectionLabel>
  /** Features per address as the store computed them, `ruleFeatureNames` at least; rules on features are off without. */
  readonly features?: FeatureColumns
}

/** Refuses columns that cannot be what they claim: unequal lengths, unsorted addresses or rows, ids out of range. */
export function assertDetectionInput(input: DetectionInput): void {
  const { transfers, window } = input
  const { addresses, from, to, timestampMs, amountMicroUsd } = transfers
  const rows = from.length
  if (to.length !== rows || timestampMs.length !== rows || amountMicroUsd.length !== rows) {
    throw refused(
      'transfers',
      [rows, to.length, timestampMs.length, amountMicroUsd.length],
      'has columns of unequal length',
      'give one value per transfer in each column',
    )
  }
  if (!(window.startMs < window.endMs)) {
    throw refused('window', [window.startMs, window.endMs], 'is empty', 'give a start before its end')
  }
  for (let id = 1; id < addresses.length; id++) {
    if ((addresses[id - 1] ?? '') >= (addresses[id] ?? '')) {
      throw refused(
        'transfers.addresses',
        addresses[id],
        'is not after its predecessor',
        'sort the addresses by code unit, each once',
      )
    }
  }
  let previousMs = Number.NEGATIVE_INFINITY
  for (let row = 0; row < rows; row++) {
    const at = timestampMs[row] ?? Number.NaN
    if (!(at >= previousMs) || !Number.isFinite(at)) {
      throw refused('transfers.timestampMs', at, `breaks the order at row ${row}`, 'order the rows by time')
    }
    if (at < window.startMs || at >= window.endMs) {
      throw refused(
        'transfers.timestampMs',
        at,
        `lies outside the window at row ${row}`,
        'read the transfers of the window only',
      )
    }
    previousMs = at
    const last = Math.max(from[row] ?? 0, to[row] ?? 0)
    if (last >= addresses.length) {
      throw refused(
        'transfers.from/to',
        last,
        `is no address id at row ${row}`,
        'ids are indexes in addresses',
      )
    }
  }
}

function refused(field: string, value: unknown, problem: string, hint: string): InputError {
  return new InputError({ field, value, problem, hint })
}
