import { execFile } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import Table from 'cli-table3'

import { type CommandRun, runMiner } from './command-run.ts'
import { measureInsertFloor } from './insert-floor.ts'

// A miner's day on two sizes of the same generated world, each in a data folder of its own, by the built command. A stage
// is slower than linear when its time per transfer grows with the size.

const isFull = process.argv.includes('--full')
const sizes = isFull ? ([100_000, 1_000_000] as const) : ([20_000, 200_000] as const)
const generator = fileURLToPath(new URL('../../../benchmark/dist/main.js', import.meta.url))
const day = ['--network', 'torus', '--date', '2025-08-01', '--window-days', '30'] as const
const MIB = 1024 * 1024

interface MeasuredDay {
  readonly transfers: number
  readonly stages: ReadonlyMap<string, number>
  readonly peaks: Readonly<Record<string, number>>
  readonly floorMs: number
}

/** The world of a size; kept in the machine's temporary folder, since the same seed makes the same bytes. */
async function generateWorld(transfers: number): Promise<string> {
  const folder = join(tmpdir(), `subnetkit-bench-world-${transfers}`)
  const snapshot = join(folder, 'snapshot/torus/2025-08-01/30')
  const isThere = await stat(join(snapshot, 'META.json')).then(
    () => true,
    () => false,
  )
  if (isThere) return snapshot
  const flags = ['--out', folder, '--seed', 'bench', '--transfers', `${transfers}`, '--force']
  await promisify(execFile)(process.execPath, [generator, 'dataset', 'generate', ...flags])
  return snapshot
}

async function measureDay(transfers: number): Promise<MeasuredDay> {
  const snapshot = await generateWorld(transfers)
  const dataDir = await mkdtemp(join(tmpdir(), 'subnetkit-bench-day-'))
  try {
    await runMiner(dataDir, ['init', '--network', 'torus'])
    const file = join(snapshot, 'transfers.parquet')
    const labels = join(snapshot, 'address_labels.parquet')
    const run = await runMiner(dataDir, ['run', ...day, '--transfers', file, '--labels', labels])
    const report = await runMiner(dataDir, ['report', ...day])
    const exported = await runMiner(dataDir, ['export', ...day, '--out', join(dataDir, 'export')])
    return {
      transfers,
      stages: new Map([
        ...run.stagesMs,
        ['report (whole command)', report.wallMs],
        ['export (whole command)', exported.wallMs],
      ]),
      peaks: peaksOf({ run, report, export: exported }),
      floorMs: await measureInsertFloor(dataDir, 'torus', file),
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })
  }
}

function peaksOf(runs: Readonly<Record<string, CommandRun>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(runs).map(([name, { peakBytes }]) => [name, Math.round(peakBytes / MIB)]),
  )
}

function show(small: MeasuredDay, large: MeasuredDay): string {
  const table = new Table({
    head: [
      'stage',
      `ms at ${small.transfers}`,
      `ms at ${large.transfers}`,
      'transfers/s',
      'time per transfer, large : small',
    ],
    style: { head: [], border: [], compact: true },
  })
  const perTransfer = (ms: number, { transfers }: MeasuredDay): number => ms / transfers
  for (const [stage, ms] of large.stages) {
    const before = small.stages.get(stage) ?? 0
    const ratio = before === 0 ? '–' : (perTransfer(ms, large) / perTransfer(before, small)).toFixed(2)
    table.push([
      stage,
      Math.round(before),
      Math.round(ms),
      Math.round((large.transfers / Math.max(1, ms)) * 1000),
      ratio,
    ])
  }
  const loading = large.stages.get('loading transfers.parquet') ?? 0
  return [
    `Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'})`,
    table.toString(),
    `Peak memory of the command at ${large.transfers} transfers, MiB: ${JSON.stringify(large.peaks)}; at ${small.transfers}: ${JSON.stringify(small.peaks)}`,
    `Loading transfers: ${Math.round(loading)} ms; the engine's own insert of the same file: ${Math.round(large.floorMs)} ms; ratio ${(loading / large.floorMs).toFixed(2)}`,
  ].join('\n')
}

const [small, large] = [await measureDay(sizes[0]), await measureDay(sizes[1])]
process.stdout.write(`${show(small, large)}\n`)
