import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'

import { exportFormats, InputError, type RowExportSelection, toColumn } from '@subnetkit/core'
import { dayFlagsSchema, defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { dayKeyOf } from '../tasks/day-steps.ts'
import { getCompletedBatch } from '../tasks/get-completed-batch.ts'
import { minerDayFlags, withReadyMiner } from './day-command.ts'

const targets = [
  'alerts',
  'features',
  'alertClusters',
  'alertScores',
  'alertRankings',
  'clusterScores',
] as const

/** `export`: a day's inputs and results as files for other tools. */
export function exportCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'export',
    description: 'write the inputs and results of a day to files (Parquet with zstd, CSV or JSONL)',
    options: dayFlagsSchema.extend({ out: z.string().min(1), format: z.enum(exportFormats) }),
    flags: (command) =>
      minerDayFlags(config)(command)
        .requiredOption('--out <folder>', 'folder for the files; files of the same names are replaced')
        .option('--format <format>', 'parquet, csv or jsonl', 'parquet')
        .addHelpText(
          'after',
          '\nExample:\n  $ aml-miner export --network torus --date 2025-08-01 --out ./export',
        ),
    run: async ({ date, format, network, out, windowDays }, session) =>
      await withReadyMiner(config, network, session, async ({ deps }) => {
        const { signal } = session
        const { rowExports } = deps.repositories
        const batch = await getCompletedBatch(deps, { network, processingDate: date, windowDays }, signal)
        const folder = resolve(out)
        const files: { file: string; bytes: number }[] = []
        for (const target of targets) {
          const file = join(folder, `${toColumn(target)}.${format}`)
          session.progress({
            stage: `writing ${file}`,
            done: files.length,
            total: targets.length,
            unit: 'files',
          })
          const selection = select(target, batch)
          const bytes = await writeWhole(
            file,
            rowExports.exportRows({ selection, format }, { signal }),
            folder,
            signal,
          )
          files.push({ file, bytes })
        }
        const lines = files.map(({ bytes, file }) => `${file}  ${bytes} bytes`)
        return { value: { batchId: batch.batchId, files }, text: lines.join('\n') }
      }),
  })
}

function select(
  target: (typeof targets)[number],
  batch: Parameters<typeof dayKeyOf>[0] & { readonly batchId: string; readonly snapshotId: string },
): RowExportSelection {
  const day = dayKeyOf(batch)
  return target === 'alertScores' || target === 'alertRankings' || target === 'clusterScores'
    ? { target, key: { ...day, batchId: batch.batchId } }
    : { target, key: { ...day, snapshotId: batch.snapshotId } }
}

/** Either the whole file or none of it is ever at the path; gives its size. */
async function writeWhole(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  folder: string,
  signal: AbortSignal,
): Promise<number> {
  const partial = `${path}.part`
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw new InputError({
      field: '--out',
      value: folder,
      problem: 'cannot be made',
      hint: 'give a folder that you may write to',
      cause: error,
    })
  }
  try {
    await pipeline(bytes, createWriteStream(partial), { signal })
    await rename(partial, path)
  } finally {
    await rm(partial, { force: true })
  }
  return (await stat(path)).size
}
