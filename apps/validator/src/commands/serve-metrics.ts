import type { Metrics } from '@subnetkit/core'
import { type CommandSession, numberFromText } from '@subnetkit/core/cli'
import { createHttpServer, serveUntil } from '@subnetkit/core/http'
import type { Command } from 'commander'
import { z } from 'zod'

import type { Validator } from '../compose.ts'

/** What every command that can show its metrics takes. */
export const metricsFlagsShape = {
  metricsHost: z.string().min(1),
  metricsPort: numberFromText(z.int().min(0).max(65_535)).optional(),
}

/** Adds `--metrics-port` and `--metrics-host`. */
export function metricsFlags(command: Command): Command {
  return command
    .option('--metrics-port <port>', 'serve /metrics and /health there while it runs; 0 takes any free one')
    .option('--metrics-host <address>', 'address of --metrics-port', '127.0.0.1')
}

/** What serving metrics needs. */
export interface ServeMetricsParams {
  readonly metricsHost: string
  /** Absent: nothing is served. */
  readonly metricsPort: number | undefined
  readonly metrics: Metrics
  readonly session: CommandSession
  readonly validator: Pick<Validator, 'newId'>
}

/** Does `work`, with its metrics served meanwhile if that was asked for. @throws InputError for a port that is in use. */
export async function whileServingMetrics<T>(params: ServeMetricsParams, work: () => Promise<T>): Promise<T> {
  const { metricsHost: host, metricsPort: port, metrics, session, validator } = params
  if (port === undefined) return await work()
  const { log, signal } = session
  const server = await createHttpServer({
    title: 'SubnetKit validator: weights',
    version: '0.0.0',
    // A line for each time that somebody looks would hide what is told of weights.
    logger: log.child({}, { level: 'warn' }),
    metrics,
    health: async () => ({ weights: 'up' }),
    createRequestId: validator.newId,
    routes: () => undefined,
  })
  const over = new AbortController()
  let serving: Promise<void> = Promise.resolve()
  await new Promise<void>((resolve, reject) => {
    const onListening = (address: string): void => {
      log.info({ address: `${address}/metrics` }, 'metrics are served')
      resolve()
    }
    const until = AbortSignal.any([signal, over.signal])
    serving = serveUntil(server, { host, port, signal: until, onListening, graceMs: 1_000 })
    serving.then(resolve, reject)
  })
  try {
    return await work()
  } finally {
    over.abort()
    await serving
  }
}
