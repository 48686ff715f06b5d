import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { InputError } from '@subnetkit/core'

const PARTIAL = '.partial-'

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/**
 * A folder beside the result, in which everything is written before any of it becomes visible. Its name carries the
 * process id, so that what a killed run left behind is recognised and removed by the next one.
 */
export class FolderPublication {
  readonly out: string
  readonly path: string

  private constructor(out: string, path: string) {
    this.out = out
    this.path = path
  }

  /** Makes the folder under `out`, which is created when missing; an InputError names `--out` when that is impossible. */
  static async begin(out: string, batchId: string): Promise<FolderPublication> {
    const path = join(out, `${PARTIAL}${batchId}-${process.pid}`)
    try {
      await mkdir(out, { recursive: true })
      for (const name of await readdir(out)) {
        const pid = Number(/^\.partial-.*-(\d+)$/.exec(name)?.[1] ?? Number.NaN)
        if (name.startsWith(PARTIAL) && (pid === process.pid || !isAlive(pid)))
          await rm(join(out, name), { recursive: true, force: true })
      }
      await mkdir(path)
    } catch (cause) {
      throw new InputError({
        field: '--out',
        value: out,
        problem: `cannot be written (${cause instanceof Error ? cause.message : String(cause)})`,
        hint: 'give a folder that you may create and write in',
        cause,
      })
    }
    return new FolderPublication(out, path)
  }

  /** Makes a folder inside; `relative` is where it will stand under `out`. */
  async folder(relative: string): Promise<string> {
    const path = join(this.path, relative)
    await mkdir(path, { recursive: true })
    return path
  }

  /**
   * Moves folders to their places, in this order; what stands there is moved aside first and deleted at the end. A crash
   * in between leaves some of the places empty, never one half-filled: the last folder is there only if all are.
   */
  async publish(relatives: readonly string[]): Promise<void> {
    for (const relative of [...relatives].reverse()) {
      const target = join(this.out, relative)
      if (!(await exists(target))) continue
      const aside = join(this.path, 'replaced', relative)
      await mkdir(dirname(aside), { recursive: true })
      await rename(target, aside)
    }
    for (const relative of relatives) {
      const target = join(this.out, relative)
      await mkdir(dirname(target), { recursive: true })
      await syncFolder(join(this.path, relative))
      await rename(join(this.path, relative), target)
      await syncFolder(dirname(target))
    }
    await this.discard()
  }

  /** Removes the folder and all that is in it. */
  async discard(): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
  }
}
