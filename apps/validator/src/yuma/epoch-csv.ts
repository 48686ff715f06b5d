import type { EpochRow } from './epoch-rows.ts'

const COLUMNS = [
  'epoch',
  'block',
  'uid',
  'stake',
  'hasPermit',
  'isActive',
  'consensus',
  'trust',
  'incentive',
  'validatorTrust',
  'dividends',
  'emission',
] as const

/** Rows as comma-separated text with a head line and full precision; bonds, when wanted, are `uid:bond` with spaces between. */
export function epochCsv(rows: readonly EpochRow[], hasBonds: boolean): string {
  const head = COLUMNS.map((name) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
  const lines = rows.map((row) => {
    const cells = COLUMNS.map((name) => String(row[name]))
    return (hasBonds ? [...cells, bondText(row, String)] : cells).join(',')
  })
  return [(hasBonds ? [...head, 'bonds'] : head).join(','), ...lines].join('\n')
}

/** The bonds of one row as `uid:bond`, each written by `write`. */
export function bondText({ bonds }: EpochRow, write: (bond: number) => string): string {
  return Object.entries(bonds)
    .map(([miner, bond]) => `${miner}:${write(bond)}`)
    .join(' ')
}
