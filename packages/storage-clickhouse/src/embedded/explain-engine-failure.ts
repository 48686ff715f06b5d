import { StorageError } from '@subnetkit/core'
import type { ServiceFailure } from '@subnetkit/core/local-service'

/** Where the engine was to run; for the message. */
export interface EnginePlace {
  readonly folder: string
  readonly port: number
}

const SERVER_INSTEAD = 'or set CLICKHOUSE_URL to use a server'

/** What the log of an engine that did not start says, as an error with a way out; `undefined` when it says nothing known. */
export function explainEngineFailure(
  failure: Readonly<ServiceFailure>,
  place: Readonly<EnginePlace>,
): StorageError | undefined {
  const { log } = failure
  const { folder, port } = place
  const details = { folder, port, log }
  if (log.includes('Cannot lock file')) {
    return new StorageError({
      code: 'locked',
      message: `${folder}: another ClickHouse works on this folder; end it, or use another data folder (--data-dir), ${SERVER_INSTEAD}`,
      details,
    })
  }
  if (/Address already in use|EADDRINUSE/.test(log)) {
    return new StorageError({
      code: 'locked',
      message: `port ${port} is in use by another program; give another port, or 0 for a free one`,
      details,
    })
  }
  if (
    /could not locate libchdb|CHDB_LIBCHDB_|Cannot find module|Failed to load native binding|dlopen|cannot open shared object/i.test(
      log,
    )
  ) {
    return new StorageError({
      code: 'unavailable',
      retryable: false,
      message: `the embedded ClickHouse does not load on ${process.platform}-${process.arch} (it runs on Linux with glibc and on macOS, installed with optional dependencies): npm install chdb ffi-rs, ${SERVER_INSTEAD}; ${firstLine(log)}`,
      details,
    })
  }
  if (/No space left on device|NOT_ENOUGH_SPACE|ENOSPC/.test(log)) {
    return new StorageError({
      code: 'resource_exhausted',
      message: `${folder}: the disk is full; free some space, or use another data folder (--data-dir)`,
      details,
    })
  }
  return undefined
}

function firstLine(log: string): string {
  return log.split('\n').find((line) => /error|cannot|could not/i.test(line)) ?? log.slice(0, 200)
}
