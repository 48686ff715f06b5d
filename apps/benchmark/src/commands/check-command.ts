import { commitSchema, imageTypeSchema, InputError, networkSchema, utcDateSchema } from '@subnetkit/core'
import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { ownRepositoryUrl } from '../adapters/own-work-tree.ts'
import { readConfig } from '../config.ts'
import { checkSubmission } from '../tasks/check/check-submission.ts'
import { checkText } from './check-text.ts'

const MAX_SECONDS = 86_400

const flagsSchema = z.strictObject({
  repository: z.string().min(1, 'must be a folder or an https URL'),
  commit: commitSchema.optional(),
  type: imageTypeSchema,
  transfers: z.coerce.number().int().min(1_000).max(10_000_000),
  seed: z.string().min(1).max(200),
  network: networkSchema,
  date: utcDateSchema,
  windowDays: z.coerce.number().int().min(1).max(366),
  timeLimit: z.coerce.number().min(0.1).max(MAX_SECONDS).optional(),
  sandbox: z.enum(['auto', 'container', 'bubblewrap']),
  ruleSet: z.string().min(1).max(64).optional(),
})

const examples = `
Examples:
  $ benchmark check ./my-detector
  $ benchmark check https://example.com/miner/detector.git --commit 0123456789abcdef0123456789abcdef01234567
  $ benchmark check ./my-scores --type ml --transfers 20000 --seed another --json | jq .judgement

A folder must be a git repository whose content is committed. The world is for practice: its truth is known here, and it
is none of a contest's. Exit code 1 says that the submission would fail; what is wrong with it stands in the report.`

/** `benchmark check`: what a validator would do to one's own repository. */
export const checkCommand: ProgramCommand = defineCommand({
  name: 'check',
  description: 'scan, build, run and judge your own submission on a practice world before you enter it',
  options: flagsSchema,
  flags: (command) => {
    command
      .argument('<repository>', 'your folder, or the https URL of a repository')
      .option('--commit <hash>', 'of a URL: which commit (default: the head)')
      .option('--type <type>', 'analytics for patterns, ml for risk scores', 'analytics')
      .option('--transfers <count>', 'size of the practice world', '20000')
      .option('--seed <text>', 'another seed, another practice world', 'practice')
      .option('--network <name>', 'network of the practice world', 'torus')
      .option('--date <YYYY-MM-DD>', 'end of the window', '2025-08-01')
      .option('--window-days <days>', 'length of the window', '30')
      .option('--time-limit <seconds>', 'of the run (default: BENCHMARK_MAX_EXECUTION_TIME)')
      .option('--sandbox <kind>', 'auto, container or bubblewrap', 'auto')
      .option('--rule-set <name>', 'the rules to score by (default: BENCHMARK_RULE_SET)')
      .addHelpText('after', examples)
  },
  run: async ({ repository, ...flags }, session) => {
    const config = readConfig()
    const { progress, signal } = session
    const ownUrl = await ownRepositoryUrl(repository, signal)
    if (ownUrl !== null && flags.commit !== undefined) {
      throw new InputError({
        field: '--commit',
        value: flags.commit,
        problem: 'goes with a URL; of a folder, its head is checked',
        hint: 'leave it out, or check that commit out in the folder',
      })
    }
    const { composeCheck } = await import('../compose-check.ts')
    await using deps = await composeCheck(config, session, {
      sandboxKind: flags.sandbox,
      isLocalAllowed: ownUrl !== null,
    })
    const checked = await checkSubmission(
      deps,
      {
        repository: ownUrl ?? repository,
        commit: flags.commit ?? null,
        imageType: flags.type,
        seed: flags.seed,
        network: flags.network,
        processingDate: flags.date,
        windowDays: flags.windowDays,
        transfers: flags.transfers,
        timeLimitMs: flags.timeLimit === undefined ? config.limits.timeLimitMs : flags.timeLimit * 1_000,
        ruleSet: flags.ruleSet ?? config.standalone.ruleSet,
      },
      { progress, signal },
    )
    return { value: checked, text: checkText(checked), exitCode: checked.step === 'passed' ? 0 : 1 }
  },
})
