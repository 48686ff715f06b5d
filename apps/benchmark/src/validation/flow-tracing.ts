import type { TransferIndex } from './transfer-index.ts'

/**
 * What a pattern's addresses must show in the snapshot: `connected`, that transfers among themselves join them all, in
 * whatever order they are listed; `followed`, that each had a transfer with one that is listed before it, so that the list
 * can be walked: a path from its source, a star from its centre; `consecutive`, that each paid the next one, as listed,
 * which no star or tree can show.
 */
export type FlowTracing = 'connected' | 'followed' | 'consecutive'

/**
 * The position of the first address that no flow reaches, or −1 when all are reached. Each pair is looked up at most
 * once, so that a pattern of n addresses costs at most n²/2 look-ups.
 */
export function findUntraced(
  transfers: TransferIndex,
  accounts: readonly number[],
  tracing: FlowTracing,
): number {
  switch (tracing) {
    case 'connected':
      return findUnconnected(transfers, accounts)
    case 'followed':
      return findUnfollowed(transfers, accounts)
    case 'consecutive':
      return findUnpaid(transfers, accounts)
    default:
      return tracing satisfies never
  }
}

function findUnpaid(transfers: TransferIndex, accounts: readonly number[]): number {
  for (let at = 1; at < accounts.length; at++) {
    if (!transfers.hasTransfer(accounts[at - 1] ?? -1, accounts[at] ?? -1)) return at
  }
  return -1
}

function findUnfollowed(transfers: TransferIndex, accounts: readonly number[]): number {
  return accounts.findIndex((account, at) => {
    return at > 0 && !accounts.slice(0, at).some((before) => transfers.isLinked(before, account))
  })
}

function findUnconnected(transfers: TransferIndex, accounts: readonly number[]): number {
  const reached: number[] = accounts.slice(0, 1)
  let waiting: number[] = accounts.slice(1)
  for (let at = 0; at < reached.length && waiting.length > 0; at++) {
    const account = reached[at] ?? -1
    const unlinked: number[] = []
    for (const other of waiting) (transfers.isLinked(account, other) ? reached : unlinked).push(other)
    waiting = unlinked
  }
  return waiting.length === 0 ? -1 : accounts.indexOf(waiting[0] ?? -1)
}
