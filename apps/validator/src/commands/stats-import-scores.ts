import { isDeregistered, type MinerRepository } from '@subnetkit/core'
import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { readAllMiners } from '../scoring/scored-miners.ts'
import { readUidFile } from '../task-scores/read-uid-file.ts'
import { type ImportedTaskScores, importTaskScores } from '../tasks/import-task-scores.ts'
import { showCell } from '../text-table.ts'
import { subnetFlag, subnetFlagShape } from './stats-flags.ts'
import { withReadyValidator } from './with-validator.ts'

const examples = `
The file has one old row of score_table a line, as JSON: task_name, task_id, created_at, perhaps status, and "score" as a
list of 256, or columns uid_0_score to uid_255_score. Who held a uid then is in --uids, a CSV with the columns uid and
hotkey; without it, who holds it now. The same file again replaces its rows. Then: validator stats compute --from DATE

Examples:
  $ validator stats import-scores --file score_table.jsonl --uids node_table.csv
  $ validator stats import-scores --file score_table.jsonl --netuid 57
`

/** `validator stats import-scores`: old scores into the record; exit code 1 when a line was bad. */
export function statsImportScoresCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'import-scores',
    description: 'import old rows of score_table: 256 scores in each, by uid',
    options: z.strictObject({
      ...subnetFlagShape,
      file: z.string().min(1),
      uids: z.string().min(1).optional(),
    }),
    flags: (command) => {
      subnetFlag(command)
        .requiredOption('--file <path>', 'old rows, one JSON object a line')
        .option('--uids <path>', 'CSV with uid and hotkey; without it the registered miners')
        .addHelpText('after', examples)
    },
    run: async ({ netuid, file, uids }, session) => {
      const listed = uids === undefined ? null : await readUidFile(uids)
      return await withReadyValidator(config, session, async ({ repositories, openRecord }) => {
        const { signal, progress } = session
        const hotkeys = listed ?? (await hotkeysNow(repositories.miners, signal))
        await using record = await openRecord({ signal })
        const imported = await importTaskScores(
          record.repositories.taskScores,
          {
            netuid,
            validatorHotkey: config.validatorHotkey,
            file,
            hotkeys,
            onProgress: ({ done }) => progress({ stage: 'import scores', done, total: null, unit: 'lines' }),
          },
          { signal },
        )
        return { value: imported, text: importText(imported), exitCode: imported.bad === 0 ? 0 : 1 }
      })
    },
  })
}

async function hotkeysNow(
  repository: Pick<MinerRepository, 'list'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, string>> {
  const miners = await readAllMiners(repository, { signal })
  return new Map(
    miners.flatMap((miner) =>
      miner.uid === null || isDeregistered(miner) ? [] : [[miner.uid, miner.hotkey] as const],
    ),
  )
}

function importText({ events, rows, unattributed, bad, badLines }: ImportedTaskScores): string {
  const unlisted = bad - badLines.length
  return [
    `Events stored: ${events}, with ${rows} rows.`,
    ...(unattributed === 0 ? [] : [`Scores at uids without a known hotkey, left out: ${unattributed}.`]),
    ...(bad === 0 ? [] : [`Bad lines, of which nothing is stored: ${bad}.`]),
    ...badLines.map(({ line, message }) => `  ${line}: ${showCell(message)}`),
    ...(unlisted === 0 ? [] : [`  and ${unlisted} more`]),
  ].join('\n')
}
