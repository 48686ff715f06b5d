import {
  blockNumberSchema,
  environmentNameSchema,
  hotkeySchema,
  InputError,
  netuidSchema,
  networkSchema,
  runTask,
  sampleRoundContextSchema,
} from '@subnetkit/core'
import {
  type CommandOutcome,
  type CommandSession,
  defineCommand,
  numberFromText,
  type ProgramCommand,
} from '@subnetkit/core/cli'
import type { Command } from 'commander'
import { z } from 'zod'

import { checkHotkey } from '@subnetkit/core/ss58'
import { readKnownBlock } from '../compose-known-block.ts'
import { composeSampling, type SamplingParts } from '../compose-sampling.ts'
import type { Validator } from '../compose.ts'
import type { Config } from '../config.ts'
import { startLocalMiners } from '../local-miners/start-local-miners.ts'
import { blockSince, type KnownBlock } from '../sampling/block-since.ts'
import { configureTasks } from '../sampling/configure-tasks.ts'
import { registerLocalMiners } from '../sampling/register-local-miners.ts'
import type { SamplingRoundReport } from '../sampling/sampling-round.ts'
import { runSamplingRoundTask } from '../tasks/run-sampling-round.ts'
import { textTable } from '../text-table.ts'
import { withReadyValidator } from './with-validator.ts'

const DEFAULT_WORKERS = 8
const MOST_LOCAL_MINERS = 256
/** Within it an aborted round gives back what it holds. */
const GRACE_MS = 20_000

const GUESSABLE_TASKS =
  'VALIDATOR_TASK_SECRET is not set: whoever has this program can compute every task and its answer ahead'

const examples = `
Examples:
  $ validator sample run                                 until every expected sample is there
  $ validator sample run --watch --workers 32            for ever; Ctrl-C ends it and gives back what is held
  $ validator sample run --environments sat --limit 100
  $ validator sample run --local-miners 4 --seed 1 --tasks 20   miners on this machine, over real HTTP

What is expected stands in the configuration, one key for each environment:
  $ validator config set environment.sat '{"samplingRange": [0, 500]}' --type json
Any number of these processes share the work of one store, and one that is killed loses nothing.
`

const round = sampleRoundContextSchema.shape
const optionsSchema = z.strictObject({
  environments: z
    .string()
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(environmentNameSchema))
    .optional(),
  workers: numberFromText(round.workers),
  perMiner: numberFromText(z.int().min(1).max(1_000)).optional(),
  limit: numberFromText(z.int().min(1)).optional(),
  watch: z.boolean().default(false),
  tasks: numberFromText(z.int().min(1).max(100_000)).optional(),
  localMiners: numberFromText(z.int().min(1).max(MOST_LOCAL_MINERS)).optional(),
  seed: numberFromText(z.int().min(0).max(4_294_967_295)).optional(),
  allowPrivate: z.boolean().default(false),
  validatorHotkey: hotkeySchema,
  network: networkSchema,
  netuid: numberFromText(netuidSchema),
  block: numberFromText(blockNumberSchema).optional(),
})
type Options = z.infer<typeof optionsSchema>

/** `validator sample run`: schedules and executes until everything expected is present; exit code 1 when it cannot be. */
export function sampleRunCommand(config: Config): ProgramCommand {
  return defineCommand<Options>({
    name: 'run',
    description: 'ask miners what is missing, judge the answers and keep them, until all is there',
    options: optionsSchema,
    flags: (command) => sampleRunFlags(command, config),
    run: async (options, session) => {
      checkHotkey('--validator-hotkey', options.validatorHotkey)
      checkSeed(options)
      return await withReadyValidator(config, session, async (validator) => {
        await using localMiners = await openLocalMiners(options, config, validator)
        const allowPrivate = options.allowPrivate || localMiners !== null
        if (config.taskSecret === '' && !allowPrivate) session.log.warn({}, GUESSABLE_TASKS)
        await using parts = composeSampling(config, { clock: validator.clock, allowPrivate })
        if (options.tasks !== undefined) {
          const names = options.environments ?? [...parts.environments.keys()]
          const { systemConfig } = validator.repositories
          const by = { updatedBy: config.userName, now: validator.now() }
          await configureTasks({ systemConfig, names, tasks: options.tasks, ...by }, session)
        }
        const known = await knownBlock(options, config, session, validator)
        return outcomeOf(await runRound(options, session, validator, parts, known), options)
      })
    },
  })
}

function sampleRunFlags(command: Command, config: Config): void {
  command
    .option('--environments <names>', 'only these, separated by commas; else all that are configured')
    .option('--workers <n>', 'tasks at work at once in this process', String(DEFAULT_WORKERS))
    .option('--per-miner <n>', 'most of them for one miner; else as sampling.per_miner says')
    .option('--limit <n>', 'end after so many samples')
    .option('--watch', 'go on for ever: new miners and settings are taken up as they come')
    .option('--tasks <n>', 'have environments without settings sampled on their first n tasks from now on')
    .option('--local-miners <n>', 'start so many miners on this machine, register and sample them')
    .option('--seed <n>', 'what local miners are like; with --local-miners')
    .option('--allow-private', 'also ask miners at private addresses; never on a public subnet')
    .option('--validator-hotkey <ss58>', 'whose samples these are', config.validatorHotkey)
    .option('--network <name>', 'network, for the log', 'local')
    .option('--netuid <n>', 'the subnet', '1')
    .option(
      '--block <n>',
      "the chain's height now, counted on from there; without it the chain is asked, and 0 is noted where there is none",
    )
    .addHelpText('after', examples)
}

/** Starts and registers them; closing takes their endpoints back before it stops them. */
async function openLocalMiners(
  { localMiners: count, seed = 0 }: Options,
  config: Config,
  { repositories, now }: Validator,
): Promise<AsyncDisposable | null> {
  if (count === undefined) return null
  const local = await startLocalMiners({ count, seed, secret: config.taskSecret })
  const register = async (isRunning: boolean): Promise<void> => {
    const { miners } = repositories
    await registerLocalMiners({ miners, localMiners: local.miners, seed, isRunning, now: now() })
  }
  const close = async (): Promise<void> => {
    try {
      await register(false)
    } finally {
      await local.close()
    }
  }
  try {
    await register(true)
  } catch (error) {
    await local.close()
    throw error
  }
  return { [Symbol.asyncDispose]: close }
}

/** What samples are noted at: the height that was given, or the chain's own where there is one. */
async function knownBlock(
  { block, netuid }: Options,
  config: Config,
  { dataDir, log, signal }: CommandSession,
  { repositories, clock }: Validator,
): Promise<KnownBlock | null> {
  if (block !== undefined) return { blockNumber: block, at: clock.now() }
  const { chain, validatorHotkey } = config
  return await readKnownBlock(
    { config: chain, dataDir, netuid, validatorHotkey, repositories, clock, log },
    { signal },
  )
}

async function runRound(
  options: Options,
  session: CommandSession,
  validator: Validator,
  parts: SamplingParts,
  known: KnownBlock | null,
): Promise<SamplingRoundReport> {
  const { clock, newId, random, repositories, worker } = validator
  const startedAt = clock.now()
  return await runTask(
    runSamplingRoundTask,
    { repositories, ...parts, worker, newId, blockNumberAt: (now) => blockSince(known, now) },
    {
      network: options.network,
      windowDays: 1,
      processingDate: startedAt.toISOString().slice(0, 10),
      netuid: options.netuid,
      validatorHotkey: options.validatorHotkey,
      environments: options.environments ?? [],
      workers: options.workers,
      perMiner: options.perMiner ?? null,
      limit: options.limit ?? null,
      isWatching: options.watch,
    },
    {
      clock,
      random,
      signal: session.signal,
      logger: session.log,
      progress: session.progress,
      graceMs: GRACE_MS,
    },
  )
}

function outcomeOf(report: SamplingRoundReport, { limit }: Options): CommandOutcome {
  const { outcomes, miners, restingMiners, environments, scopes, completeScopes, missing } = report
  const taken = outcomes.scored + outcomes.miner_fault
  const rows = [
    ['samples taken', `${taken}, of them ${outcomes.miner_fault} faults of miners (score 0)`],
    ['found already stored', String(outcomes.settled + outcomes.superseded)],
    ['could not be asked', String(outcomes.infrastructure_fault)],
    ['miners', `${miners} sampled, ${restingMiners} at rest`],
    ['environments', environments.join(', ')],
    ['complete', `${completeScopes} of ${scopes} (miner, environment)`],
    ['time', `${(report.durationMs / 1_000).toFixed(1)} s`],
  ]
  const isEnough = report.isComplete || (limit !== null && limit !== undefined && taken >= limit)
  const next = isEnough
    ? 'Next: validator scores compute'
    : `${missing ?? 'Some'} samples are missing whose tasks failed too often.\nNext: validator tasks stats, then validator tasks retry --environment NAME --all`
  return {
    value: report,
    text: `${textTable(['sampling', ''], rows)}\n${next}`,
    exitCode: isEnough ? 0 : 1,
  }
}

function checkSeed({ localMiners, seed }: Options): void {
  if (seed === undefined || localMiners !== undefined) return
  throw new InputError({
    field: '--seed',
    value: seed,
    problem: 'says what local miners are like, but there are none',
    hint: 'give --local-miners <n> with it',
  })
}
