import { createHash } from 'node:crypto'
import { mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'

import { InputError } from '@subnetkit/core'
import { defineCommand, type CommandSession, type ProgramCommand } from '@subnetkit/core/cli'
import { acquireFolderLock } from '@subnetkit/core/local-service'
import type { Command } from 'commander'
import { z } from 'zod'

import { importSummary } from '../agent-import/import-summary.ts'
import { createWallClock } from '../agent-import/wall-clock.ts'
import type { Config } from '../config.ts'
import { readUidFile } from '../task-scores/read-uid-file.ts'
import { importAgents, importLedgerFolder, type ImportedAgents } from '../tasks/import-agents.ts'
import { withReadyValidator } from './with-validator.ts'

const examples = `
The folder has agents, agent_versions, evaluations, evaluation_runs and weights_history, each as .csv or .jsonl, packed
with gzip or not. Written by psql on the earlier platform's database:
  \\copy agents to 'agents.csv' csv header
  psql -At -c 'select row_to_json(t) from agents t' > agents.jsonl
Nobody should upload or evaluate there meanwhile. Times without a zone are of the host that wrote them: --time-zone.
Evaluations that wait or run wait here in their validators' queues, from the start; the rest is history.

Examples:
  $ validator agents import dump --check
  $ validator agents import dump --time-zone America/New_York --uid-map node_table.csv
  $ validator agents import dump --history-only --on-duplicate newest

An import that was broken off goes on where it was: run the same command again.
`

const optionsSchema = z.strictObject({
  folder: z.string().min(1),
  timeZone: z.string(),
  uidMap: z.string().min(1).optional(),
  onDuplicate: z.enum(['oldest', 'newest']),
  ignoreColumns: z
    .string()
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(z.string().min(1)))
    .default([]),
  cutTexts: z.boolean().default(false),
  historyOnly: z.boolean().default(false),
  check: z.boolean().default(false),
  strict: z.boolean().default(false),
  restart: z.boolean().default(false),
  badRows: z.string().min(1).optional(),
})
type Options = z.infer<typeof optionsSchema>

/** `validator agents import`: an earlier platform's registry from its dump; exit code 1 when a row was bad. */
export function agentsImportCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'import',
    description: "import the earlier platform's agents from dumps of its five PostgreSQL tables",
    options: optionsSchema,
    flags: importFlags,
    run: async (options, session) => {
      const imported = await runImport(config, options, session)
      const isGood = imported.bad === 0 && imported.isWhole
      return { value: imported, text: importSummary(imported), exitCode: isGood ? 0 : 1 }
    },
  })
}

function importFlags(command: Command): void {
  command
    .argument('<folder>', 'where the five files are')
    .option('--time-zone <zone>', 'of the host that wrote times without a zone', 'UTC')
    .option('--uid-map <file>', 'CSV with uid and hotkey, for weights whose keys are uids')
    .option('--on-duplicate <which>', 'of two agents of one hotkey keep the oldest or the newest', 'oldest')
    .option('--ignore-columns <names>', 'columns to pass over, with commas between')
    .option('--cut-texts', 'cut patches and errors that are too long, instead of refusing their runs')
    .option('--history-only', 'put no evaluation into a queue')
    .option('--check', 'judge all rows, store nothing')
    .option('--strict', 'store nothing unless all rows are good')
    .option('--restart', 'forget how far an earlier import of the folder was')
    .option('--bad-rows <file>', 'where bad rows are listed; in the data folder without it')
    .addHelpText('after', examples)
}

async function runImport(config: Config, options: Options, session: CommandSession): Promise<ImportedAgents> {
  const { signal, progress, dataDir } = session
  const folder = await realpath(options.folder).catch((cause: unknown) => {
    throw new InputError({
      field: '<folder>',
      value: options.folder,
      problem: 'is not there',
      hint: 'give the folder that holds the five files',
      cause,
    })
  })
  const clock = createWallClock(options.timeZone)
  const hotkeys = options.uidMap === undefined ? null : await readUidFile(options.uidMap)
  const name = createHash('sha256').update(folder, 'utf8').digest('hex').slice(0, 16)
  const ledgerFolder = importLedgerFolder(dataDir, name)
  await mkdir(ledgerFolder, { recursive: true, mode: 0o700 })
  await using lock = await acquireFolderLock({ folder: ledgerFolder, name: 'import', signal })
  session.log.debug({ lock: lock.path }, 'nobody else imports this folder')
  const defaultBadRows = options.check ? 'bad-rows-of-check.jsonl' : 'bad-rows.jsonl'
  return await withReadyValidator(config, session, async (validator) => {
    await using record = await validator.openRecord({ signal })
    return await importAgents(
      {
        stores: { ...validator.repositories, agentRecords: record.repositories.agentRecords },
        now: validator.now,
        onProgress: progress,
      },
      {
        folder,
        ledgerFolder,
        stores: `${validator.store}; ${record.description}`,
        flags: judgingFlags(options, hotkeys),
        clock,
        hotkeys,
        onDuplicate: options.onDuplicate,
        ignoredColumns: new Set(options.ignoreColumns),
        cutTexts: options.cutTexts,
        isHistory: options.historyOnly,
        mode: options.check ? 'check' : options.strict ? 'strict' : 'import',
        isRestart: options.restart,
        badRowsFile: options.badRows ?? join(ledgerFolder, defaultBadRows),
      },
      { signal },
    )
  })
}

/** What an import must go on with: rows of one file are judged alike. */
function judgingFlags(
  options: Options,
  hotkeys: ReadonlyMap<number, string> | null,
): Readonly<Record<string, string>> {
  const uids = hotkeys === null ? 'none' : JSON.stringify([...hotkeys].toSorted(([a], [b]) => a - b))
  return {
    '--time-zone': options.timeZone,
    '--uid-map': createHash('sha256').update(uids, 'utf8').digest('hex').slice(0, 16),
    '--on-duplicate': options.onDuplicate,
    '--ignore-columns': options.ignoreColumns.join(','),
    '--cut-texts': `${options.cutTexts}`,
    '--history-only': `${options.historyOnly}`,
  }
}
