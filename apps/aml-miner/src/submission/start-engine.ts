import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { createInterface } from 'node:readline'

import { StorageError } from '@subnetkit/core'

/** An engine for one run. */
export interface RunEngine extends AsyncDisposable {
  readonly url: string
}

/**
 * Starts the engine that lies beside the submission's program, with its data in the given folder, as a process that ends
 * with this one.
 *
 * @throws StorageError `unavailable` when it ends before it is ready; its own words are on standard error.
 */
export async function startEngine(script: string, folder: string): Promise<RunEngine> {
  await mkdir(folder, { recursive: true })
  const child = spawn(process.execPath, [script, folder], { stdio: ['pipe', 'pipe', 'inherit'], cwd: folder })
  const ended = once(child, 'exit')
  const close = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  for await (const line of createInterface({ input: child.stdout })) {
    return { url: `http://127.0.0.1:${Number(line)}`, [Symbol.asyncDispose]: close }
  }
  await close()
  throw new StorageError({
    code: 'unavailable',
    message: 'the engine ended before it was ready; its last words are above',
    retryable: false,
  })
}
