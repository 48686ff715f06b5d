import type { ColumnSpec, ColumnValues } from '../output/table-columns.ts'
import type { DatasetPlan } from './dataset-plan.ts'
import type { TransferHour } from './generate-transfers.ts'
import { NOT_PLANTED } from './transfer-buffer.ts'
import { transferColumns } from './transfer-rows.ts'

const TX_ID = transferColumns.findIndex(({ name }) => name === 'tx_id')
const BLOCK_TIMESTAMP = transferColumns.findIndex(({ name }) => name === 'block_timestamp')

/**
 * Columns of `ground_truth`: one row per pattern and account. Where the pattern hangs on a flagged address, `hop_distance`
 * counts the transfers to it; elsewhere it is −1, and the flag's columns are empty.
 */
export const truthColumns = [
  { name: 'processing_date', kind: 'text' },
  { name: 'window_days', kind: 'uint32' },
  { name: 'address', kind: 'text' },
  { name: 'role', kind: 'text' },
  { name: 'pattern_type', kind: 'text' },
  { name: 'pattern_instance_id', kind: 'text' },
  { name: 'hop_distance', kind: 'int32' },
  { name: 'flagged_address', kind: 'text' },
  { name: 'flag_type', kind: 'text' },
] as const satisfies readonly ColumnSpec[]

/** Columns of `planted_transfers`: which transfers of the stream belong to which pattern, in time order. */
export const plantedTransferColumns = [
  { name: 'pattern_instance_id', kind: 'text' },
  { name: 'tx_id', kind: 'text' },
  { name: 'block_timestamp', kind: 'uint64' },
  { name: 'from_address', kind: 'text' },
  { name: 'from_role', kind: 'text' },
  { name: 'to_address', kind: 'text' },
  { name: 'to_role', kind: 'text' },
] as const satisfies readonly ColumnSpec[]

/** All rows of `ground_truth`, by address, column by column. */
export function truthRows(plan: DatasetPlan): ColumnValues[] {
  const { date, windowDays } = plan.options
  const { addresses } = plan.scene.world
  const rows = plan.instances.flatMap(({ id, patternType, members, flag }) =>
    [...members].map(([account, role]) => ({
      address: addresses[account] ?? '',
      role,
      patternType,
      id,
      hops: flag?.hops.get(account) ?? -1,
      flagged: flag === null ? '' : (addresses[flag.account] ?? ''),
      flagType: flag?.flagType ?? '',
    })),
  )
  rows.sort((a, b) => compareTexts(a.address, b.address) || compareTexts(a.id, b.id))
  return [
    rows.map(() => date),
    rows.map(() => windowDays),
    rows.map(({ address }) => address),
    rows.map(({ role }) => role),
    rows.map(({ patternType }) => patternType),
    rows.map(({ id }) => id),
    rows.map(({ hops }) => hops),
    rows.map(({ flagged }) => flagged),
    rows.map(({ flagType }) => flagType),
  ]
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Collects the planted transfers while the stream goes by, with the ids that the stream gave them. */
export class PlantedTransfers {
  readonly #plan: DatasetPlan
  readonly #instanceOfStep: readonly number[]
  readonly #columns: (string | number)[][] = plantedTransferColumns.map(() => [])

  constructor(plan: DatasetPlan) {
    this.#plan = plan
    this.#instanceOfStep = plan.instances.flatMap(({ transfers }, index) => transfers.map(() => index))
  }

  /** Notes the planted transfers of an hour, as they are written: `columns` are those of the transfers table. */
  noteHour({ buffer, order }: TransferHour, columns: readonly ColumnValues[]): void {
    const { addresses } = this.#plan.scene.world
    order.forEach((row, position) => {
      const step = buffer.step[row] ?? NOT_PLANTED
      if (step === NOT_PLANTED) return
      const from = buffer.from[row] ?? 0
      const to = buffer.to[row] ?? 0
      const instance = this.#plan.instances[this.#instanceOfStep[step] ?? -1]
      const values = [
        instance?.id ?? '',
        detached(columns[TX_ID]?.[position]),
        columns[BLOCK_TIMESTAMP]?.[position] ?? 0,
        addresses[from] ?? '',
        instance?.members.get(from) ?? '',
        addresses[to] ?? '',
        instance?.members.get(to) ?? '',
      ]
      values.forEach((value, column) => this.#columns[column]?.push(value))
    })
  }

  /** All rows of `planted_transfers`, column by column. */
  rows(): ColumnValues[] {
    return this.#columns.map((values) => [...values])
  }
}

/** A copy of a text that was cut from a longer one, which it would otherwise keep in memory: all ids of its hour. */
function detached(text: string | number | undefined): string {
  return Buffer.from(String(text ?? ''), 'latin1').toString('latin1')
}
