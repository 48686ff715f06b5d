import type { TransferColumns } from '@subnetkit/core'

/** Exact sum over rows, in millionths of a dollar. */
export function volumeOfRows(transfers: TransferColumns, rows: Iterable<number>): bigint {
  let sum = 0n
  for (const row of rows) sum += transfers.amountMicroUsd[row] ?? 0n
  return sum
}

/** What went through one address within these rows: the larger of what came in and what went out, exact. */
export function throughputOfRows(transfers: TransferColumns, rows: Iterable<number>, id: number): bigint {
  let incoming = 0n
  let outgoing = 0n
  for (const row of rows) {
    const amount = transfers.amountMicroUsd[row] ?? 0n
    if (transfers.to[row] === id) incoming += amount
    if (transfers.from[row] === id) outgoing += amount
  }
  return incoming > outgoing ? incoming : outgoing
}

/** Millionths of a dollar as a plain decimal with six places: 1500000n gives 1.500000. */
export function formatMicroUsd(micro: bigint): string {
  const sign = micro < 0n ? '-' : ''
  const digits = (micro < 0n ? -micro : micro).toString().padStart(7, '0')
  return `${sign}${digits.slice(0, -6)}.${digits.slice(-6)}`
}
