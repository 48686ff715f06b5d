import { resolve } from 'node:path'

import { InputError, StorageError } from '@subnetkit/core'
import { joinLocalService, type ResolveModule } from '@subnetkit/core/local-service'
import { z } from 'zod'

import { explainEngineFailure } from './explain-engine-failure.ts'
import { resolveEngine, serverScript } from './resolve-engine.ts'

/** Where the embedded server keeps its data and how it is started. */
export interface EmbeddedClickHouseOptions {
  /** The data folder (`resolveDataFolder`); the server owns `<folder>/clickhouse`. One server per folder. */
  readonly folder: string
  /** A fixed port on 127.0.0.1, 1–65535. @default 0, any free one */
  readonly port?: number | undefined
  /** Share of the machine's (or container's) memory that the server may use, above 0 to 0.9. @default 0.5 */
  readonly memoryRatio?: number | undefined
  /** Milliseconds until it must answer; a cold start reads a library of 550 MB. @default 60000 */
  readonly readyTimeoutMs?: number | undefined
  /** Milliseconds that the server stays after its last user. @default 2000 */
  readonly lingerMs?: number | undefined
  /** Ends the waiting; its reason is thrown as it is. */
  readonly signal?: AbortSignal | undefined
  /** How `chdb/libchdb` and `ffi-rs` are found. @default from this package, then from the working directory */
  readonly resolveModule?: ResolveModule | undefined
}

/** A share in a running server. It ends with the process, also by kill -9; the server ends after its last user. */
export interface EmbeddedClickHouse extends AsyncDisposable {
  /** `http://user:password@127.0.0.1:port`, ready for a client. The password is new with each start: do not log it. */
  readonly url: string
  /** ClickHouse's own version, for example `26.7.2.1`. */
  readonly version: string
  /** The server's process. */
  readonly pid: number
  /** Aborts when the server ended while it was in use; call {@link startEmbeddedClickHouse} again, the data is kept. */
  readonly lost: AbortSignal
  close(): Promise<void>
}

const NAME = 'clickhouse'
const DEFAULT_READY_TIMEOUT_MS = 60_000
const DEFAULT_MEMORY_RATIO = 0.5

const infoSchema = z.strictObject({
  port: z.int().min(1).max(65_535),
  username: z.string().min(1),
  password: z.string().min(1),
  version: z.string().min(1),
})

/**
 * Joins the real ClickHouse server of a data folder, and starts it when it does not run: loopback only, in a process
 * of its own that any number of processes share. Every insert that was acknowledged survives a kill of any of them.
 * Throws `StorageError`: `unavailable` when `chdb` or `ffi-rs` is missing or does not load here, `locked` when the
 * folder or port is in use, `timeout` when it is not ready in time.
 */
export async function startEmbeddedClickHouse(
  options: Readonly<EmbeddedClickHouseOptions>,
): Promise<EmbeddedClickHouse> {
  const folder = resolve(options.folder, NAME)
  const port = checkRange('port', options.port ?? 0, 0, 65_535)
  const memoryRatio = checkRange('memoryRatio', options.memoryRatio ?? DEFAULT_MEMORY_RATIO, 0.01, 0.9)
  const settings = { ...resolveEngine(options.resolveModule), port, memoryRatio }
  const service = await joinLocalService({
    name: NAME,
    folder,
    command: [serverScript(), JSON.stringify(settings)],
    info: infoSchema,
    readyTimeoutMs: options.readyTimeoutMs ?? DEFAULT_READY_TIMEOUT_MS,
    lingerMs: options.lingerMs,
    signal: options.signal,
    explainFailure: (failure) => explainEngineFailure(failure, { folder, port }),
  })
  const { info } = service
  if (port !== 0 && info.port !== port) {
    await service.close()
    throw new StorageError({
      code: 'locked',
      message: `${folder}: its ClickHouse already runs on port ${info.port}; use that port, or end its users before asking for ${port}`,
      details: { folder, port, runningPort: info.port },
    })
  }
  return {
    url: `http://${info.username}:${info.password}@127.0.0.1:${info.port}`,
    version: info.version,
    pid: service.pid,
    lost: service.lost,
    close: service.close,
    [Symbol.asyncDispose]: service.close,
  }
}

function checkRange(field: string, value: number, low: number, high: number): number {
  const isInside = value >= low && value <= high && (field !== 'port' || Number.isInteger(value))
  if (isInside) return value
  throw new InputError({
    field,
    value,
    problem: 'is out of range',
    hint: `give a number from ${low} to ${high}`,
  })
}
