import { randomUUID } from 'node:crypto'

import { createMetrics, networkSchema } from '@subnetkit/core'
import { defineCommand, numberFromText, type ProgramCommand } from '@subnetkit/core/cli'
import { serveUntil } from '@subnetkit/core/http'
import { z } from 'zod'

import { composeMiner } from '../compose.ts'
import type { Config } from '../config.ts'
import { createApiServer } from '../http/api-server.ts'
import { DEFAULT_WINDOW_DAYS } from './day-command.ts'
import { createMinerFleet } from './miner-fleet.ts'

/** `serve`: the read API of one or more networks. */
export function serveCommand(config: Config, version: string): ProgramCommand {
  return defineCommand({
    name: 'serve',
    description: 'serve scores, ranks and alerts over HTTP until it is stopped',
    options: z.strictObject({
      network: z
        .string()
        .transform((text) => text.split(','))
        .pipe(z.array(networkSchema).min(1)),
      host: z.string().min(1),
      port: numberFromText(z.int().min(0).max(65_535)),
      windowDays: numberFromText(z.int().min(1).max(3650)),
    }),
    flags: (command) =>
      command
        .option('--network <names>', 'networks to serve, separated by commas', config.network)
        .option('--host <address>', 'address to listen on', config.api.host)
        .option('--port <port>', 'port to listen on, 0 for any free one', `${config.api.port}`)
        .option('--window-days <days>', 'window when a request names none', `${DEFAULT_WINDOW_DAYS}`)
        .addHelpText(
          'after',
          '\nExample:\n  $ aml-miner serve --network torus --port 8000\n  $ curl "http://127.0.0.1:8000/v1/rankings/alerts/latest?network=torus"',
        ),
    run: async ({ host, network: networks, port, windowDays }, session) => {
      const metrics = createMetrics({ service: 'aml-miner-serve', version })
      await using fleet = await createMinerFleet({
        networks,
        compose: async (network) => {
          const miner = await composeMiner({ config, network, session, metrics })
          if (miner.isEmbedded) await miner.migrate({ isDryRun: false, signal: session.signal })
          return miner
        },
        log: session.log,
        signal: session.signal,
      })
      const server = await createApiServer(
        {
          networks,
          storesOf: (network) => fleet.get(network).deps.repositories,
          defaultWindowDays: windowDays,
          apiVersion: version,
          githubUrl: config.githubUrl,
          commitHash: config.commitHash,
        },
        {
          logger: session.log,
          metrics,
          createRequestId: randomUUID,
          health: async ({ signal }) => {
            await Promise.all(networks.map(async (network) => await fleet.get(network).ping(signal)))
            return { clickhouse: 'up' }
          },
        },
      )
      await serveUntil(server, {
        host,
        port,
        signal: session.signal,
        onListening: (address) => session.log.info({ address, networks }, 'serving; stop with Ctrl-C'),
      })
      return { value: { networks, stopped: true }, text: 'stopped' }
    },
  })
}
