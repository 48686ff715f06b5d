import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'

import { StorageError } from '@subnetkit/core'
import {
  joinLocalService,
  resolveOptionalModule,
  type ResolveModule,
  type ServiceFailure,
} from '@subnetkit/core/local-service'
import { z } from 'zod'

/** Where the embedded engine keeps its data and how it is started. */
export interface EmbeddedDynamoOptions {
  /** The data folder (`resolveDataFolder`); the engine owns `<folder>/dynamo`. One engine per folder. */
  readonly folder: string
  /** Milliseconds until it must answer. @default 30000 */
  readonly readyTimeoutMs?: number | undefined
  /** Milliseconds that the engine stays after its last user. @default 2000 */
  readonly lingerMs?: number | undefined
  /** Ends the waiting; its reason is thrown as it is. */
  readonly signal?: AbortSignal | undefined
  /** How `dynalite` is found. @default from this package, then from the working directory */
  readonly resolveModule?: ResolveModule | undefined
}

/** A share in a running engine. It ends with the process, also by kill -9; the engine ends after its last user. */
export interface EmbeddedDynamo extends AsyncDisposable {
  /** For the AWS SDK, on 127.0.0.1; any region and credentials do. Its path is a secret, new with each start: do not log it. */
  readonly endpoint: string
  /** The engine's process. */
  readonly pid: number
  /** Aborts when the engine ended while it was in use; call {@link startEmbeddedDynamo} again, the data is kept. */
  readonly lost: AbortSignal
  close(): Promise<void>
}

const NAME = 'dynamo'
const infoSchema = z.strictObject({ endpoint: z.url() })

/**
 * Joins the dynalite engine of a data folder, and starts it when it does not run: loopback only, on disk, in a process
 * of its own that any number of processes share. It has no transactions, no TTL and no PartiQL.
 * Throws `StorageError`: `unavailable` when `dynalite` is missing or does not start, `locked` when something else has
 * the folder, `timeout` when it is not ready in time.
 */
export async function startEmbeddedDynamo(options: Readonly<EmbeddedDynamoOptions>): Promise<EmbeddedDynamo> {
  const folder = resolve(options.folder, NAME)
  const dynalite = resolveOptionalModule({
    specifier: 'dynalite',
    packageName: 'dynalite',
    from: import.meta.url,
    neededBy: 'the embedded DynamoDB',
    hint: 'npm install dynalite, or set DYNAMODB_ENDPOINT to use a server',
    resolve: options.resolveModule,
  })
  const service = await joinLocalService({
    name: NAME,
    folder,
    command: [serverScript(), JSON.stringify({ dynalite })],
    info: infoSchema,
    readyTimeoutMs: options.readyTimeoutMs,
    lingerMs: options.lingerMs,
    signal: options.signal,
    explainFailure: (failure) => explainFailure(failure, folder),
  })
  return {
    endpoint: service.info.endpoint,
    pid: service.pid,
    lost: service.lost,
    close: service.close,
    [Symbol.asyncDispose]: service.close,
  }
}

/** The engine's own program; it ships as it is written, so that it runs from source as from an installed package. */
function serverScript(): string {
  const manifest = createRequire(import.meta.url).resolve('@subnetkit/storage-dynamo/package.json')
  return join(dirname(manifest), 'src', 'embedded', 'dynalite-server.mjs')
}

function explainFailure({ log }: ServiceFailure, folder: string): StorageError | undefined {
  if (!/LEVEL_LOCKED|Resource temporarily unavailable/.test(log)) return undefined
  return new StorageError({
    code: 'locked',
    message: `${folder}: another program has this store open; end it, or use another data folder (--data-dir), or set DYNAMODB_ENDPOINT to use a server`,
    details: { folder, log },
  })
}
