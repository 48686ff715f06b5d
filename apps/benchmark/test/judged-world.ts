import type { FlowTracing } from '../src/validation/flow-tracing.ts'
import { PatternJudge, type PatternValidation } from '../src/validation/pattern-judge.ts'
import { type PlantedTruth, readPlantedTruth } from '../src/validation/planted-truth.ts'
import { type SeenTransfer, TransferIndex } from '../src/validation/transfer-index.ts'
import { generateTransfers } from '../src/dataset/generate-transfers.ts'
import { labelColumns, labelRows } from '../src/dataset/label-rows.ts'
import { TransferRows, transferColumns } from '../src/dataset/transfer-rows.ts'
import { truthColumns, truthRows } from '../src/dataset/truth-rows.ts'
import { testPlan } from './stream.ts'

/** A generated dataset as the validator holds it: what the miner saw, indexed, and the truth. */
export interface JudgedWorld {
  readonly seen: readonly SeenTransfer[]
  readonly transfers: TransferIndex
  readonly truth: PlantedTruth
  /** Addresses whose label says to stay away from them; every miner can read it. */
  readonly flagged: readonly string[]
}

const TX_ID = transferColumns.findIndex(({ name }) => name === 'tx_id')
const FROM = transferColumns.findIndex(({ name }) => name === 'from_address')
const TO = transferColumns.findIndex(({ name }) => name === 'to_address')

/** Generates a world and reads it as validation does. */
export function judgedWorld(seed: string, transfers = '20000'): JudgedWorld {
  const plan = testPlan({ seed, transfers })
  const rows = new TransferRows(plan)
  const seen: SeenTransfer[] = []
  for (const hour of generateTransfers(plan)) {
    const columns = rows.columns(hour)
    const text = (column: number, row: number): string => String(columns[column]?.[row])
    hour.order.forEach((_, row) => {
      seen.push({ txId: text(TX_ID, row), from: text(FROM, row), to: text(TO, row) })
    })
  }
  const columns = truthRows(plan)
  const facts = (columns[0] ?? []).map((_, row) =>
    Object.fromEntries(truthColumns.map(({ name }, column) => [name, columns[column]?.[row]])),
  )
  const labels = labelRows(plan)
  const risks = labels[labelColumns.findIndex(({ name }) => name === 'risk_level')] ?? []
  const names = labels[labelColumns.findIndex(({ name }) => name === 'address')] ?? []
  const flagged = names.map(String).filter((_, row) => risks[row] === 'critical')
  return { seen, transfers: new TransferIndex(seen), truth: readPlantedTruth(facts), flagged }
}

/** A row as a submission writes it. */
export function reportRow(addresses: readonly string[], pattern_type = 'cycle', nth = 0): object {
  return { pattern_id: `report-${nth}`, pattern_type, addresses }
}

/** Everything that is planted, reported exactly. */
export function perfectReport({ truth }: JudgedWorld): object[] {
  return truth.patterns.map(({ addresses, patternType }, nth) => reportRow(addresses, patternType, nth))
}

/** Judges rows against a world. */
export function judgeRows(
  { transfers, truth }: JudgedWorld,
  rows: Iterable<unknown>,
  tracing: FlowTracing = 'connected',
): PatternValidation {
  const judge = new PatternJudge({ transfers, patterns: truth.patterns, tracing })
  for (const row of rows) judge.note(row)
  return judge.finish()
}
