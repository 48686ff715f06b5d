import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { runDayTask } from '../src/tasks/miner-tasks.ts'
import { callMiner } from './fixtures/miner-call.ts'
import { spawnMiner } from './fixtures/miner-process.ts'
import { writeTable } from './fixtures/table-file.ts'
import { connectStore, depsOn } from './fixtures/store-content.ts'
import { dayFlagsOf, freshDay, openMiner, runOn, sharedDataDir, tempFolder } from './fixtures/test-miner.ts'
import { shuffled, transferTable, transferWorld } from './fixtures/transfer-world.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const dataDir = sharedDataDir()
const transferFile = { columnMap: {}, timestampUnit: 'ms', dayZero: null, amounts: 'keep' } as const

describe('the same transfers', () => {
  it(
    'give the same results in any order, with one and two engine threads, and twice',
    { timeout: 120_000 },
    async () => {
      await using temp = await tempFolder()
      const day = freshDay()
      await using miner = await openMiner(day.network)
      const world = transferWorld({ date: day.processingDate, transfers: isSoak ? 5_000 : 600 })
      const seen: { results: string | null; inputs: string; threads: number }[] = []
      for (const [index, max_threads] of [1, 2, 1, 2].entries()) {
        await using store = await connectStore(day.network, dataDir, { max_threads })
        const rows = index < 2 ? world : shuffled(world, index)
        const path = join(temp.path, `t${index}.jsonl`)
        await writeTable(path, transferTable(rows), 'jsonl')
        const context = { ...day, source: path, transferFile, labelsSource: null, isForced: index === 1 }
        const { scored } = await runOn(miner, runDayTask, depsOn(store, dataDir), context)
        expect(scored.alreadyCompleted && index !== 0).toBe(index >= 2)
        seen.push({
          results: scored.batch.resultsHash,
          inputs: scored.batch.inputsHash,
          threads: max_threads,
        })
      }
      expect(new Set(seen.map(({ results }) => results)).size).toBe(1)
      expect(new Set(seen.map(({ inputs }) => inputs)).size).toBe(1)
    },
  )

  it(
    'give the same results from whole processes, on other versions of Node in the soak',
    { timeout: 300_000 },
    async () => {
      await using temp = await tempFolder()
      const path = join(temp.path, 'transfers.parquet')
      const day = freshDay()
      await writeTable(path, transferTable(transferWorld({ date: day.processingDate })), 'parquet')
      const argv = ['--json', '--quiet', 'run', ...dayFlagsOf(day), '--transfers', path, '--force']
      const launchers = [
        [],
        ...(isSoak
          ? [
              ['-p', 'node@22'],
              ['-p', 'node@24'],
            ]
          : []),
      ]
      const here = await callMiner({ dataDir }, ...argv)
      const hashes: unknown[] = [JSON.parse(here.out)]
      for (const launcher of launchers) {
        const { ended } = await spawnMiner({ dataDir, launcher }, ...argv)
        const { code, err, out } = await ended
        expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' })
        hashes.push(JSON.parse(out))
      }
      const results = hashes.map((result) => expectHash(result))
      expect(results).toHaveLength(isSoak ? 4 : 2)
      expect(new Set(results).size).toBe(1)
    },
  )
})

function expectHash(result: unknown): string {
  expect(result).toMatchObject({
    scored: { batch: { resultsHash: expect.stringMatching(/^[0-9a-f]{64}$/) } },
  })
  return JSON.stringify(result).match(/"resultsHash":"([0-9a-f]{64})"/)?.[1] ?? ''
}
