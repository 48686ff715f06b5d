import { execFile } from 'node:child_process'
import { chmod, chown, lstat, mkdir, readdir, readFile, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

import { StorageError } from '@subnetkit/core'

const run = promisify(execFile)
const PAGE_BYTES = 4096
const MOST_ENTRIES = 4096
const UNMOUNT_ATTEMPTS = 20

/** The user and group that submissions run as: nobody. */
export const sandboxUserId = 65_534

/** Where a program's output goes while it runs. */
export interface OutputArea extends AsyncDisposable {
  readonly path: string
  /** True: a file system in memory of exactly the size. False: a folder that is watched. */
  readonly isHeldByKernel: boolean
  /** True once the limit is reached; the program is then to be killed. */
  isFull(): Promise<boolean>
}

/**
 * Makes the place at `path`, which must not exist: a file system in memory where this process may mount one, else a folder
 * to be watched.
 */
export async function openOutputArea(
  params: Readonly<{ path: string; bytes: number; isMountWanted: boolean }>,
): Promise<OutputArea> {
  const { path, bytes, isMountWanted } = params
  await mkdir(path, { recursive: true, mode: 0o700 })
  const isHeldByKernel = isMountWanted && (await mountMemory(path, bytes))
  if (!isHeldByKernel) await giveToSandboxUser(path)
  return {
    path,
    isHeldByKernel,
    isFull: () => (isHeldByKernel ? isMemoryFull(path) : isFolderFull(path, bytes)),
    [Symbol.asyncDispose]: () => removeOutputArea(path),
  }
}

/** Takes an area away, mounted or not, also one that another process left. */
export async function removeOutputArea(path: string): Promise<void> {
  for (let attempt = 1; await isMounted(path); attempt++) {
    try {
      // What still holds it for a moment, such as a container's ending namespace, does not hold up a lazy one.
      await run('umount', attempt < UNMOUNT_ATTEMPTS ? [path] : ['--lazy', path])
    } catch (cause) {
      if (attempt > UNMOUNT_ATTEMPTS) {
        const message = `${path} cannot be unmounted; unmount it by hand`
        throw new StorageError({ code: 'unavailable', message, cause })
      }
      await sleep(25)
    }
  }
  await rm(path, { recursive: true, force: true })
}

/** Whether this process may mount a file system in memory; tried once at a folder of its own. */
export async function canMountMemory(folder: string): Promise<boolean> {
  const path = join(folder, `probe-${process.pid}`)
  const area = await openOutputArea({ path, bytes: 65_536, isMountWanted: true })
  await area[Symbol.asyncDispose]()
  return area.isHeldByKernel
}

async function mountMemory(path: string, bytes: number): Promise<boolean> {
  if (process.getuid?.() !== 0) return false
  const pages = Math.ceil(bytes / PAGE_BYTES) + 1
  const options = [
    `size=${pages * PAGE_BYTES}`,
    `nr_inodes=${MOST_ENTRIES}`,
    `mode=0700,uid=${sandboxUserId},gid=${sandboxUserId}`,
    'nodev,nosuid,noexec',
  ].join(',')
  try {
    await run('mount', ['-t', 'tmpfs', '-o', options, 'subnetkit-output', path])
    return true
  } catch {
    return false
  }
}

async function giveToSandboxUser(path: string): Promise<void> {
  if (process.getuid?.() === 0) await chown(path, sandboxUserId, sandboxUserId)
  else await chmod(path, 0o777)
}

async function isMemoryFull(path: string): Promise<boolean> {
  const { bfree, ffree } = await statfs(path)
  return bfree === 0 || ffree === 0
}

async function isFolderFull(path: string, limitBytes: number): Promise<boolean> {
  let bytes = 0
  let entries = 0
  const open = [path]
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      const own = join(folder, entry.name)
      if (entry.isDirectory()) open.push(own)
      else
        bytes += await lstat(own).then(
          ({ blocks }) => blocks * 512,
          () => 0,
        )
      if (++entries > MOST_ENTRIES || bytes > limitBytes + PAGE_BYTES) return true
    }
  }
  return false
}

async function isMounted(path: string): Promise<boolean> {
  try {
    const mounts = await readFile('/proc/self/mounts', 'utf8')
    return mounts.split('\n').some((line) => unescaped(line.split(' ')[1] ?? '') === path)
  } catch {
    return false
  }
}

function unescaped(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_all, octal: string) =>
    String.fromCodePoint(Number.parseInt(octal, 8)),
  )
}
