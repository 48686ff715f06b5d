import { createHash, randomUUID } from 'node:crypto'

import { createMetrics, StorageError } from '@subnetkit/core'
import { type CommandSession, defineCommand, numberFromText } from '@subnetkit/core/cli'
import { serveUntil } from '@subnetkit/core/http'
import { z } from 'zod'

import { type Benchmark, composeBenchmark } from '../compose.ts'
import { readConfig } from '../config.ts'
import { createBenchmarkServer } from '../http/benchmark-server.ts'
import { taskRegistration } from '../http/task-registration.ts'

const DEFAULT_PORT = 8200
const VERSION = '0.0.0'

const optionsSchema = z.strictObject({
  host: z.string().min(1),
  port: numberFromText(z.int().min(0).max(65_535)),
  requestsPerMinute: numberFromText(z.int().min(1).max(1_000_000)),
})
type Options = z.infer<typeof optionsSchema>

const examples = `
Examples:
  $ benchmark serve                               on http://127.0.0.1:${DEFAULT_PORT}, for this machine only
  $ open http://127.0.0.1:${DEFAULT_PORT}/                 leaderboards, days, and what a run found and missed
  $ REGISTRATION_API_KEY=$(openssl rand -hex 32) benchmark serve --host 0.0.0.0     miners can be registered over HTTP
  $ curl "http://127.0.0.1:${DEFAULT_PORT}/api/v1/tournaments?status=completed"

GET /openapi.json describes everything. Put TLS in front of it where others can reach it: the key travels in a header.
What a tournament's worlds hold is shown to nobody before the tournament is completed.`

/** `benchmark serve`: the API and the pages, until it is stopped. */
export const serveCommand = defineCommand<Options>({
  name: 'serve',
  description: 'serve tournaments, leaderboards and runs over HTTP, and register miners for who has the key',
  options: optionsSchema,
  flags: (command) => {
    command
      .option('--host <address>', 'address to listen on; 0.0.0.0 for all of this machine', '127.0.0.1')
      .option('--port <port>', 'port to listen on, 0 for any free one', String(DEFAULT_PORT))
      .option('--requests-per-minute <n>', 'requests of one address in a minute', '600')
      .addHelpText('after', examples)
  },
  run: async (options, session) => {
    await serve(options, session)
    return { value: { stopped: true }, text: 'stopped' }
  },
})

async function serve(options: Options, session: CommandSession): Promise<void> {
  const config = readConfig()
  const { registrationApiKey: apiKey } = config
  const metrics = createMetrics({ service: 'benchmark-serve', version: VERSION })
  // Who only reads needs no leave to write, and does not keep others from it.
  const needs = apiKey === null ? ([] as const) : (['writer'] as const)
  const parts = { config, session, metrics, needs, isLocalAllowed: false, sandboxKind: 'auto' } as const
  await using benchmark = await composeBenchmark(parts)
  const { clock, deps, lost, random, store } = benchmark
  const server = await createBenchmarkServer(
    {
      repositories: deps.repositories,
      registration: taskRegistration(deps, { clock, random }),
      apiKey,
      secretSeeds: new Set([sha256(deps.standalone.datasetSeed)]),
      version: VERSION,
    },
    {
      logger: session.log,
      metrics,
      createRequestId: randomUUID,
      requestsPerMinute: options.requestsPerMinute,
      health: healthOf(benchmark),
    },
  )
  await serveUntil(server, {
    host: options.host,
    port: options.port,
    signal: AbortSignal.any([session.signal, lost]),
    onListening: (address) => {
      const registration = apiKey === null ? 'closed: set REGISTRATION_API_KEY' : 'open by key'
      session.log.info({ address, store, registration }, 'serving; stop with Ctrl-C')
    },
  })
  if (lost.aborted && !session.signal.aborted) {
    throw new StorageError({
      code: 'unavailable',
      message: `the embedded engine of ${session.dataDir} ended at ${clock.now().toISOString()}; the data is kept, start again`,
    })
  }
}

function healthOf({
  ping,
}: Benchmark): (options: Readonly<{ signal: AbortSignal }>) => Promise<{ clickhouse: 'up' }> {
  return async ({ signal }) => {
    await ping(signal)
    return { clickhouse: 'up' }
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
