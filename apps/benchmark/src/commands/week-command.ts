import { randomBytes } from 'node:crypto'

import { utcDateSchema } from '@subnetkit/core'
import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { runWeek } from '../tasks/contests/run-week.ts'
import { readMinerList } from '../week/read-miner-list.ts'
import { parseRepositoryPlace } from './repository-place.ts'
import { examplesText } from './command-group.ts'
import { contestFlags, contestFlagsSchema, sandboxFlags, sandboxFlagsShape } from './contest-flags.ts'
import { weekText } from './week-text.ts'
import { withContest } from './with-contest.ts'

const optionsSchema = contestFlagsSchema.extend({
  ...sandboxFlagsShape,
  miners: z.string().min(1),
  startDate: utcDateSchema,
  baseline: z.string().min(1).max(2_048),
  promote: z.boolean().default(false),
})

const examples = examplesText(
  [
    'week --name first --miners miners.json --start-date 2025-08-01',
    'week --name try --miners ./repositories --allow-local --start-date 2025-08-01 --days 2 --networks torus --windows 30 --transfers 20000',
    'week --name first --miners miners.json --start-date 2025-08-01 --baseline https://github.com/someone/detector --promote',
  ],
  `miners.json: [{ "hotkey": "5…", "repository": "https://…", "commit": "40 hex digits, or leave it out for the head", "name": "for people" }].
A folder: every git repository in it takes part; its hotkey stands in its subnetkit.json, or follows from the folder's name.
The days are those of the worlds: nothing waits for the calendar. Stopped or killed, the same command goes on; done, it tells
the same again. With REDIS_URL the runs are done by benchmark worker.`,
)

/** `benchmark week`: a whole tournament in one command. */
export const weekCommand = defineCommand({
  name: 'week',
  description: 'a whole tournament: register, run all days in the sandbox, score, rank',
  options: optionsSchema,
  flags: (command) => {
    contestFlags(command)
    sandboxFlags(command)
    command
      .requiredOption('--miners <path>', 'who takes part: a JSON file, or a folder of git repositories')
      .requiredOption('--start-date <YYYY-MM-DD>', 'first day of the competition')
      .option(
        '--baseline <repository>',
        'what is to be beaten: a repository (url, or url#commit), active, or none',
        'active',
      )
      .option('--promote', 'make the winner the next baseline, if it beat the baseline')
      .addHelpText('after', examples)
  },
  run: async (options, session) => {
    const { sandbox: sandboxKind, workers = null, allowLocal: isLocalAllowed } = options
    const miners = await readMinerList(options.miners, { isLocalAllowed })
    const context = {
      name: options.name,
      imageType: options.imageType,
      startDate: options.startDate,
      days: options.days,
      testNetworks: options.networks,
      testWindowDays: options.windows,
      datasetTransfers: options.transfers,
      ruleSet: options.ruleSet,
      timeLimitMs: Math.round(options.timeLimit * 1_000),
      baseline:
        options.baseline === 'active' || options.baseline === 'none'
          ? options.baseline
          : parseRepositoryPlace('--baseline', options.baseline, isLocalAllowed),
      miners,
      isPromotionWanted: options.promote,
    }
    return await withContest(session, { sandboxKind, workers, isLocalAllowed }, async ({ deps, perform }) => {
      session.log.info({ sandbox: deps.sandbox.name, miners: miners.length }, deps.sandbox.description)
      const report = await perform(
        runWeek,
        {
          ...deps,
          datasetSeed: options.seed ?? randomBytes(24).toString('hex'),
          isSeedDrawn: options.seed === undefined,
        },
        context,
      )
      return { value: report, text: weekText(report) }
    })
  },
})
