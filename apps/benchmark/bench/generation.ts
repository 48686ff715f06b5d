import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { DatasetFormat } from '../src/dataset/dataset-options.ts'
import { datasetFormats, parseDatasetOptions } from '../src/dataset/dataset-options.ts'
import { planDataset } from '../src/dataset/dataset-plan.ts'
import { generateTransfers } from '../src/dataset/generate-transfers.ts'
import { generateDataset } from '../src/tasks/datasets/generate-dataset.ts'

const transfers = process.argv[2] ?? '200000'
const ROUNDS = 3
const CHUNK = 1 << 20

function options(format: DatasetFormat): ReturnType<typeof parseDatasetOptions> {
  const texts = { network: 'torus', date: '2025-08-01', windowDays: '30', seed: 'bench' }
  return parseDatasetOptions({ ...texts, transfers, format })
}

/** Seconds of processor time, user and system: on a shared machine they vary far less than the clock. */
async function seconds(work: () => Promise<void>): Promise<number> {
  const begin = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(begin)
  return (user + system) / 1_000_000
}

/** The floor: the same bytes, ready made, to a new file in chunks of 1 MiB, and flushed. */
async function writeReady(folder: string, bytes: Uint8Array): Promise<void> {
  const file = await open(join(folder, 'floor'), 'w')
  for (let at = 0; at < bytes.length; at += CHUNK) await file.write(bytes.subarray(at, at + CHUNK))
  await file.sync()
  await file.close()
}

function report(name: string, taken: number, floor: number | null): void {
  const rate = Math.round(Number(transfers) / taken).toLocaleString('en-US')
  const ratio =
    floor === null ? '' : `, floor ${floor.toFixed(3)} s, ${(taken / floor).toFixed(0)} × the floor`
  console.log(`${name.padEnd(16)} ${taken.toFixed(2)} s, ${rate} transfers/s${ratio}`)
}

async function best(work: () => Promise<void>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) times.push(await seconds(work))
  return Math.min(...times)
}

console.log(`${transfers} transfers, processor time, best of ${ROUNDS}, Node ${process.version}`)
const drawn = await best(async () => {
  for (const hour of generateTransfers(planDataset(options('csv')))) if (hour.buffer.length === 0) break
})
report('drawn only', drawn, null)
for (const format of datasetFormats) {
  const out = await mkdtemp(join(tmpdir(), 'dataset-bench-'))
  const made = await generateDataset({ options: options(format), out, force: true })
  const bytes = await readFile(join(made.snapshotFolder, `transfers.${format}`))
  const floor = await best(() => writeReady(out, bytes))
  const whole = await best(async () => {
    await generateDataset({ options: options(format), out, force: true })
  })
  report(format, whole, floor)
  await rm(out, { recursive: true })
}
console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1_024)} MiB`)
