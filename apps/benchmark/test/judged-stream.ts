import type { DatasetOptionTexts } from '../src/dataset/dataset-options.ts'
import { truthColumns, truthRows } from '../src/dataset/truth-rows.ts'
import { readPlantedTruth } from '../src/validation/planted-truth.ts'
import { TransferIndex } from '../src/validation/transfer-index.ts'
import type { JudgedWorld } from './judged-world.ts'
import { collectStream, type StreamedTransfer, testPlan } from './stream.ts'

/** A judged world whose transfers can also be looked at, by account number. */
export interface JudgedStream extends JudgedWorld {
  readonly stream: readonly StreamedTransfer[]
  addressOf(account: number): string
}

/** Generates a world for detectors that work on numbers; its transaction ids are row numbers. */
export function judgedStream(change: Partial<DatasetOptionTexts>): JudgedStream {
  const plan = testPlan(change)
  const { addresses } = plan.scene.world
  const addressOf = (account: number): string => addresses[account] ?? ''
  const stream = collectStream(plan)
  const seen = stream.map(({ from, to }, nth) => {
    return { txId: String(nth), from: addressOf(from), to: addressOf(to) }
  })
  const columns = truthRows(plan)
  const facts = (columns[0] ?? []).map((_, row) =>
    Object.fromEntries(truthColumns.map(({ name }, column) => [name, columns[column]?.[row]])),
  )
  const truth = readPlantedTruth(facts)
  return { seen, transfers: new TransferIndex(seen), truth, flagged: [], stream, addressOf }
}
