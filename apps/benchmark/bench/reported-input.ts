import { planDataset } from '../src/dataset/dataset-plan.ts'
import { parseDatasetOptions } from '../src/dataset/dataset-options.ts'
import { generateTransfers } from '../src/dataset/generate-transfers.ts'
import { Random } from '../src/dataset/random/random.ts'
import { truthColumns, truthRows } from '../src/dataset/truth-rows.ts'
import { type PlantedTruth, readPlantedTruth } from '../src/validation/planted-truth.ts'
import type { SeenTransfer } from '../src/validation/transfer-index.ts'

/** A dataset in memory, as its miner and its validator know it. */
export interface BenchWorld {
  readonly seen: readonly SeenTransfer[]
  readonly truth: PlantedTruth
}

/** Generates a world; transaction ids are numbers here, since drawing real ones is not what is measured. */
export function benchWorld(transfers: string): BenchWorld {
  const texts = { network: 'torus', date: '2025-08-01', windowDays: '30', seed: 'bench', format: 'csv' }
  const plan = planDataset(parseDatasetOptions({ ...texts, transfers }))
  const { addresses } = plan.scene.world
  const seen: SeenTransfer[] = []
  for (const { buffer, order } of generateTransfers(plan)) {
    for (const row of order) {
      const from = addresses[buffer.from[row] ?? 0] ?? ''
      const to = addresses[buffer.to[row] ?? 0] ?? ''
      seen.push({ txId: `0x${seen.length.toString(16).padStart(64, '0')}`, from, to })
    }
  }
  const columns = truthRows(plan)
  const facts = (columns[0] ?? []).map((_, row) =>
    Object.fromEntries(truthColumns.map(({ name }, column) => [name, columns[column]?.[row]])),
  )
  return { seen, truth: readPlantedTruth(facts) }
}

/** JSON lines in chunks of about 1 MiB, as a file would be read. */
export function toChunks(rows: Iterable<object>): Buffer[] {
  const chunks: Buffer[] = []
  let lines: string[] = []
  let size = 0
  for (const row of rows) {
    const line = `${JSON.stringify(row)}\n`
    lines.push(line)
    size += line.length
    if (size < 1 << 20) continue
    chunks.push(Buffer.from(lines.join('')))
    lines = []
    size = 0
  }
  return [...chunks, Buffer.from(lines.join(''))]
}

/** What a busy miner reports: everything that is planted, and walks along real transfers of two to eight accounts. */
export function* plausibleReports({ seen, truth }: BenchWorld, count: number): Generator<object> {
  const paid = new Map<string, SeenTransfer[]>()
  for (const transfer of seen) {
    const known = paid.get(transfer.from)
    if (known === undefined) paid.set(transfer.from, [transfer])
    else known.push(transfer)
  }
  const random = new Random('reports')
  const types = truth.patterns.map(({ patternType }) => patternType)
  let nth = 0
  for (const { addresses, patternType } of truth.patterns) {
    yield { pattern_id: `p${nth++}`, pattern_type: patternType, addresses, confidence: 0.9 }
  }
  while (nth < count) {
    const walk = walkFrom(seen[random.below(seen.length)], paid, random)
    const addresses = [...new Set(walk.flatMap(({ from, to }) => [from, to]))]
    const transactions = walk.map(({ txId }) => txId)
    if (addresses.length < 2) continue
    yield { pattern_id: `p${nth++}`, pattern_type: types[nth % types.length], addresses, transactions }
  }
}

function walkFrom(
  first: SeenTransfer | undefined,
  paid: ReadonlyMap<string, readonly SeenTransfer[]>,
  random: Random,
): SeenTransfer[] {
  const walk = first === undefined ? [] : [first]
  for (let steps = random.below(7); steps > 0; steps--) {
    const next = paid.get(walk.at(-1)?.to ?? '') ?? []
    const step = next[random.below(Math.max(1, next.length))]
    if (step === undefined) break
    walk.push(step)
  }
  return walk
}

/** The dearest rows to trace: as many accounts as allowed, the busiest of all, of whom hardly any paid one another. */
export function* hostileReports({ seen }: BenchWorld, count: number): Generator<object> {
  const partners = new Map<string, number>()
  for (const { from, to } of seen) {
    partners.set(from, (partners.get(from) ?? 0) + 1)
    partners.set(to, (partners.get(to) ?? 0) + 1)
  }
  const busiest = [...partners]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 2_000)
    .map(([address]) => address)
  const random = new Random('hostile')
  for (let nth = 0; nth < count; nth++) {
    const addresses = new Set<string>()
    while (addresses.size < 64) addresses.add(busiest[random.below(busiest.length)] ?? '')
    yield { pattern_id: `h${nth}`, pattern_type: 'smurfing_network', addresses: [...addresses] }
  }
}
