import type { TransferColumns } from '@subnetkit/core'

import type { DetectionInput, DetectionWindow } from '../detection-input.ts'

/** The window of all hand-made graphs: 30 days. */
export const handMadeWindow: DetectionWindow = {
  network: 'torus',
  startMs: Date.UTC(2025, 6, 2),
  endMs: Date.UTC(2025, 7, 1),
  windowDays: 30,
  processingDate: '2025-08-01',
}

/** One transfer by hand: from, to, hours after the window's start, US dollars. */
export type HandMadeTransfer = readonly [from: string, to: string, hours: number, usd: number]

/** Sorts transfers into the engine's total order and numbers the addresses. */
function toColumns(transfers: readonly HandMadeTransfer[]): TransferColumns {
  const addresses = [...new Set(transfers.flatMap(([from, to]) => [from, to]))].sort()
  const ids = new Map(addresses.map((address, id) => [address, id]))
  const rows = transfers
    .map(([from, to, hours, usd]) => ({
      from: ids.get(from) ?? 0,
      to: ids.get(to) ?? 0,
      ms: handMadeWindow.startMs + Math.round(hours * 3_600_000),
      micro: BigInt(Math.round(usd * 1e6)),
    }))
    .sort((a, b) => a.ms - b.ms || a.from - b.from || a.to - b.to || Number(a.micro - b.micro))
  return {
    addresses,
    from: Uint32Array.from(rows, (row) => row.from),
    to: Uint32Array.from(rows, (row) => row.to),
    amountMicroUsd: BigInt64Array.from(rows, (row) => row.micro),
    timestampMs: Float64Array.from(rows, (row) => row.ms),
  }
}

/** Transfers in the hand-made window. */
export function handMadeInput(transfers: readonly HandMadeTransfer[]): DetectionInput {
  return { transfers: toColumns(transfers), window: handMadeWindow }
}

/**
 * Everyday life: each of `people` pays seven others at scattered times and sums, by a fixed arithmetic, so that a planted
 * pattern has something to stand out from.
 */
export function everydayLife(people: number): HandMadeTransfer[] {
  const transfers: HandMadeTransfer[] = []
  const name = (person: number): string => `p${String(person).padStart(4, '0')}`
  for (let person = 0; person < people; person++) {
    for (let k = 0; k < 7; k++) {
      const step = (person * 7 + k) * 3
      const other = scattered(step) % people
      if (other === person) continue
      const usd = 20 + (scattered(step + 1) % 400_000) / 100
      transfers.push([name(person), name(other), (scattered(step + 2) % 719_000) / 1000, usd])
    }
  }
  return transfers
}

/** A whole number that looks nothing like its neighbours'. */
function scattered(seed: number): number {
  let mixed = Math.imul(seed + 1, 0x9e3779b1)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
