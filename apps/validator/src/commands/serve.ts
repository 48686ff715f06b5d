import { createMetrics, netuidSchema, StorageError } from '@subnetkit/core'
import { type CommandSession, defineCommand, numberFromText, type ProgramCommand } from '@subnetkit/core/cli'
import { serveUntil } from '@subnetkit/core/http'
import { z } from 'zod'

import { openAgentRegistry } from '../agents/open-agent-registry.ts'
import { evaluatorsReader } from '../agents/evaluators/evaluators.ts'
import { keepSweepingEvaluations } from '../agents/evaluators/sweep-evaluations.ts'
import { allowedExecutorsReader, ALLOWED_EXECUTORS_KEY } from '../auth/allowed-executors.ts'
import { checkHotkey } from '@subnetkit/core/ss58'
import { composeEnvironments } from '../compose-sampling.ts'
import type { Validator } from '../compose.ts'
import type { Config } from '../config.ts'
import type { Environments } from '../environments/create-environments.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { createApiServer } from '../http/api-server.ts'
import { PublishedRecord } from '../published/published-record.ts'
import { openRecordInBackground } from '../published/record-access.ts'
import { blockSince } from '../sampling/block-since.ts'
import { SettingsReader } from '../sampling/settings-reader.ts'
import { projectWhileServing } from './serve-projection.ts'
import { openUploads } from '../uploads/open-uploads.ts'
import { withReadyValidator } from './with-validator.ts'

const DEFAULT_PORT = 8100
/** How often nonces that nobody could replay any more are removed, where the engine does not do it. */
const SWEEP_EVERY_MS = 300_000

const examples = `
Examples:
  $ validator serve                                      on http://127.0.0.1:8100, for this machine only
  $ open http://127.0.0.1:8100/                          leaderboard, miners' ways to their weights, cycles
  $ validator serve --host 0.0.0.0 --port 8100           for executors elsewhere; put TLS in front of it
  $ curl http://127.0.0.1:8100/v1/about
  $ validator config set ${ALLOWED_EXECUTORS_KEY} '["5Grwva…"]' --type json     who may take tasks; nobody until then

GET /openapi.json describes everything, signed requests too. Run "validator sample run --watch" beside it: that one
makes the tasks.
`

const optionsSchema = z.strictObject({
  host: z.string().min(1),
  port: numberFromText(z.int().min(0).max(65_535)),
  readsPerMinute: numberFromText(z.int().min(1).max(1_000_000)),
  validatorHotkey: z.string(),
  block: numberFromText(z.int().min(0).max(999_999_999_999)).optional(),
  netuid: numberFromText(netuidSchema),
  projectEvery: numberFromText(z.number().min(0).max(3_600)),
  showUnrevealed: z.boolean().default(false),
  agentFallback: z.boolean().default(true),
})
type Options = z.infer<typeof optionsSchema>

/** `validator serve`: the API for remote executors and for whoever reads results, until it is stopped. */
export function serveCommand(config: Config, version: string): ProgramCommand {
  return defineCommand<Options>({
    name: 'serve',
    description: 'serve tasks to remote executors, and miners, samples and scores to everybody, over HTTP',
    options: optionsSchema,
    flags: (command) => {
      command
        .option('--host <address>', 'address to listen on; 0.0.0.0 for all of this machine', '127.0.0.1')
        .option('--port <port>', 'port to listen on, 0 for any free one', String(DEFAULT_PORT))
        .option('--reads-per-minute <n>', 'reading requests of one address in a minute', '600')
        .option('--validator-hotkey <ss58>', 'whose samples these are', config.validatorHotkey)
        .option('--block <n>', "the chain's height now; it is counted on from there")
        .option('--netuid <n>', 'the subnet whose weights are shown', '1')
        .option('--project-every <seconds>', 'how often agents are copied into the record; 0 for never', '5')
        .option('--show-unrevealed', 'show weights before the chain does: for your own eyes, never in public')
        .option('--no-agent-fallback', 'do not read agents from the record while the tables do not answer')
        .addHelpText('after', examples)
    },
    run: async (options, session) => {
      checkHotkey('--validator-hotkey', options.validatorHotkey)
      return await withReadyValidator(config, session, async (validator) => {
        await using environments = composeEnvironments(config)
        await serve({ options, session, validator, environments, version })
        return { value: { stopped: true }, text: 'stopped' }
      })
    },
  })
}

interface ServeParams {
  readonly options: Options
  readonly session: CommandSession
  readonly validator: Validator
  readonly environments: Environments
  readonly version: string
}

async function serve({ options, session, validator, environments, version }: ServeParams): Promise<void> {
  const { host, port, readsPerMinute } = options
  const { clock, lost, newId, repositories } = validator
  const signal = AbortSignal.any([session.signal, lost])
  const scope = { netuid: options.netuid, validatorHotkey: options.validatorHotkey }
  await using record = openRecordInBackground({
    open: async (limit) => await validator.openRecord(limit),
    onOpen: async (opened) => await published.warm(opened),
    clock,
    log: session.log,
  })
  const { showUnrevealed } = options
  const published = new PublishedRecord({ record, scope, showUnrevealed, now: validator.now })
  const metrics = createMetrics({ service: 'validator-serve', version })
  const common = await apiDeps({ options, session, validator, environments, version }, signal)
  const { evaluators } = common
  const { dataDir, log } = session
  const parts = { repositories, newId, metrics, log }
  const agents = openAgentRegistry({ ...parts, record, isFallbackAllowed: options.agentFallback, clock })
  const deps = {
    ...common,
    agents,
    uploads: openUploads({ ...parts, agents, evaluators, dataDir, now: validator.now }),
    record,
    published,
    scope,
    recordState: () => record.state,
  }
  const server = await createApiServer(deps, {
    logger: session.log,
    metrics,
    createRequestId: newId,
    readsPerMinute,
    health: async ({ signal: limit }) => {
      await repositories.systemConfig.find({ key: ALLOWED_EXECUTORS_KEY }, { signal: limit })
      return { dynamo: 'up' }
    },
  })
  const ended = new AbortController()
  const untilEnd = AbortSignal.any([signal, ended.signal])
  const { evaluations, systemConfig } = repositories
  const sweep = { evaluations, systemConfig, evaluators: deps.evaluators, clock, log: session.log }
  const projection = { validator, record, session, metrics, everySeconds: options.projectEvery }
  const sweeping = [
    sweepNonces(validator, session, untilEnd),
    keepSweepingEvaluations(sweep, untilEnd),
    projectWhileServing(projection, untilEnd),
  ]
  try {
    await serveUntil(server, {
      host,
      port,
      signal,
      onListening: (address) => {
        const { validatorHotkey } = options
        session.log.info({ address, store: validator.store, validatorHotkey }, 'serving; stop with Ctrl-C')
      },
    })
  } finally {
    ended.abort()
    await Promise.all(sweeping)
  }
  if (lost.aborted && !session.signal.aborted) {
    throw new StorageError({
      code: 'unavailable',
      message: `the embedded engine of ${session.dataDir} ended at ${clock.now().toISOString()}; the data is kept, start again`,
    })
  }
}

async function apiDeps(
  params: ServeParams,
  signal: AbortSignal,
): Promise<Omit<ApiDeps, 'agents' | 'record' | 'published' | 'scope' | 'recordState' | 'uploads'>> {
  const { options, session, validator, environments, version } = params
  const { clock, newId, now, random, repositories } = validator
  const { systemConfig, requestNonces } = repositories
  const { validatorHotkey, block } = options
  const { log } = session
  const settings = new SettingsReader({ systemConfig, clock, random, log, environments: [] })
  // What is configured wrongly is told now, not with the first request.
  await settings.read(signal)
  // Not the signal of the stop: requests that are under way then may end.
  const noStop = new AbortController().signal
  const known = block === undefined ? null : { blockNumber: block, at: now() }
  return {
    repositories,
    now,
    version,
    executors: {
      repositories,
      environments: new Map(environments.all.map((environment) => [environment.name, environment])),
      settings: async () => (await settings.read(noStop)).sampling,
      validatorHotkey,
      blockNumberAt: (at) => blockSince(known, at),
      now,
      log,
    },
    admission: {
      requestNonces,
      validatorHotkey,
      now,
      createAdmissionId: newId,
    },
    allowedExecutors: allowedExecutorsReader({ systemConfig, now, log }),
    evaluators: evaluatorsReader({ systemConfig, now, log, validatorHotkey }),
  }
}

/** Until the signal, and only where no engine expires items by itself. A sweep that fails is tried again later: nothing hangs on it but space. */
async function sweepNonces(
  validator: Validator,
  session: CommandSession,
  signal: AbortSignal,
): Promise<void> {
  const { clock, now, repositories } = validator
  while (validator.isEmbedded && !signal.aborted) {
    try {
      await repositories.requestNonces.sweep({ now: now() }, { signal })
      await clock.sleep(SWEEP_EVERY_MS, signal)
    } catch (error) {
      if (signal.aborted) return
      session.log.warn({ err: error }, 'nonces could not be swept; trying again later')
      await clock.sleep(SWEEP_EVERY_MS, signal).catch(() => undefined)
    }
  }
}
