import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

import { InputError } from '@subnetkit/core'
import { dayFlagsSchema, defineCommand, numberFromText, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { readTruthFile } from '../adapters/truth-file.ts'
import type { Config } from '../config.ts'
import type { TruthColumns } from '../evaluation/truth.ts'
import { reportPage } from '../report/report-page.ts'
import { reportTables } from '../report/report-tables.ts'
import { buildReport } from '../tasks/build-report.ts'
import { minerDayFlags, withReadyMiner } from './day-command.ts'

const optionsSchema = dayFlagsSchema.extend({
  top: numberFromText(z.int().min(1).max(1000)),
  html: z.string().min(1).optional(),
  truth: z.string().min(1).optional(),
  truthColumns: z.string().optional(),
})

/** `report`: the day as tables and as one self-contained page. */
export function reportCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'report',
    description: 'print a day as tables and write it as one self-contained HTML page',
    options: optionsSchema,
    flags: (command) =>
      minerDayFlags(config)(command)
        .option('--top <count>', 'alerts and clusters that are shown, 1 to 1000', '10')
        .option('--html <file>', 'where the page goes (default: reports/ in the data folder)')
        .option('--truth <file>', 'what really happened: compare with it (.parquet, .csv, .jsonl)')
        .option(
          '--truth-columns <map>',
          'columns of --truth: address=NAME,flag=NAME (default address=address)',
        )
        .addHelpText(
          'after',
          `
Examples:
  $ aml-miner report --network torus --date 2025-08-01
  $ aml-miner report --network amlsim --date 2025-05-31 --window-days 150 --truth nodes.csv.gz --truth-columns address=nodeid,flag=isFraud`,
        ),
    run: async ({ date, html, network, top, truth: truthPath, truthColumns, windowDays }, session) =>
      await withReadyMiner(config, network, session, async ({ deps }) => {
        const columns = parseTruthColumns(truthColumns ?? '')
        const truth =
          truthPath === undefined
            ? {}
            : { truth: await readTruthFile(await deps.sources.openFile(truthPath, session.signal), columns) }
        const report = await buildReport(
          deps,
          { key: { network, processingDate: date, windowDays }, topCount: top, ...truth },
          {
            signal: session.signal,
            progress: (stage) => session.progress({ stage, done: 0, total: null, unit: 'rows' }),
          },
        )
        const name = `${network}-${date}-${windowDays}.html`
        const page = resolve(html ?? join(session.dataDir, 'reports', name))
        await writeWhole(page, reportPage(report))
        return { value: { ...report, page }, text: `${reportTables(report, top)}\n\npage: ${page}` }
      }),
  })
}

function parseTruthColumns(text: string): TruthColumns {
  const columns: { -readonly [Name in keyof TruthColumns]: TruthColumns[Name] } = {
    address: 'address',
    flag: null,
  }
  for (const pair of text.split(',').filter((part) => part.trim() !== '')) {
    const [name, column] = pair.split('=').map((part) => part.trim())
    if ((name !== 'address' && name !== 'flag') || column === undefined || column === '') {
      throw new InputError({
        field: '--truth-columns',
        value: pair,
        problem: 'is not address=COLUMN or flag=COLUMN',
        hint: 'for example address=nodeid,flag=isFraud',
      })
    }
    columns[name] = column
  }
  return columns
}

/** Either the whole page or none of it is ever at the path. */
async function writeWhole(path: string, text: string): Promise<void> {
  const partial = `${path}.part`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(partial, text)
    await rename(partial, path)
  } catch (error) {
    throw new InputError({
      field: '--html',
      value: path,
      problem: 'cannot be written',
      hint: 'give a path in a folder that you may write to',
      cause: error,
    })
  }
}
