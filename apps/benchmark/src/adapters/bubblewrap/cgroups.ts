import { access, mkdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { StorageError } from '@subnetkit/core'

import type { SandboxLimits } from '../../ports/sandbox.ts'

const controllers = ['memory', 'pids', 'cpu'] as const
type Controller = (typeof controllers)[number]
const END_ATTEMPTS = 400
const CPU_PERIOD_MICROSECONDS = 100_000

/** Where this process may make control groups, one folder per controller; the same one for all in version 2. */
export interface CgroupParents {
  readonly version: 1 | 2
  readonly folders: Readonly<Partial<Record<Controller, string>>>
}

/** Finds the controllers that this process may use: memory, pids, cpu. None is a machine without them, or without the right. */
export async function findCgroupParents(): Promise<CgroupParents> {
  const mounts = (await readText('/proc/self/mounts')).split('\n').map((line) => line.split(' '))
  const own = (await readText('/proc/self/cgroup'))
    .trim()
    .split('\n')
    .map((line) => line.split(':'))
  const folders: Partial<Record<Controller, string>> = {}
  for (const controller of controllers) {
    const mount = mounts.find(([, , kind, options]) =>
      kind === 'cgroup' ? (options ?? '').split(',').includes(controller) : false,
    )?.[1]
    if (mount === undefined) continue
    const path = own.find(([, names]) => (names ?? '').split(',').includes(controller))?.[2] ?? '/'
    const parent = await firstWritable([join(mount, path), mount], fileOf(1, controller))
    if (parent !== null) folders[controller] = parent
  }
  if (Object.keys(folders).length > 0) return { version: 1, folders }
  const mount = mounts.find(([, , kind]) => kind === 'cgroup2')?.[1]
  const path = own.find(([number]) => number === '0')?.[2] ?? '/'
  const parent = mount === undefined ? null : await unifiedParent(mount, path)
  if (parent === null) return { version: 2, folders: {} }
  return { version: 2, folders: Object.fromEntries(controllers.map((name) => [name, parent])) }
}

function fileOf(version: 1 | 2, controller: Controller): string {
  if (controller === 'pids') return 'pids.max'
  if (controller === 'memory') return version === 1 ? 'memory.limit_in_bytes' : 'memory.max'
  return version === 1 ? 'cpu.cfs_quota_us' : 'cpu.max'
}

/** In version 2 a group with processes cannot hand controllers on, so the nearest one above that can is taken. */
async function unifiedParent(mount: string, path: string): Promise<string | null> {
  const parts = path.split('/').filter((part) => part !== '')
  for (let length = parts.length; length >= 0; length--) {
    const folder = join(mount, ...parts.slice(0, length))
    try {
      await writeFile(join(folder, 'cgroup.subtree_control'), '+memory +pids +cpu')
    } catch {
      continue
    }
    if ((await firstWritable([folder], 'memory.max')) !== null) return folder
  }
  return null
}

async function firstWritable(folders: readonly string[], file: string): Promise<string | null> {
  for (const folder of folders) {
    const probe = join(folder, `subnetkit-probe-${process.pid}`)
    try {
      await mkdir(probe)
      await access(join(probe, file))
      return folder
    } catch {
      // Not ours to use: the next one.
    } finally {
      await rmdir(probe).catch(() => undefined)
    }
  }
  return null
}

/** The folders that a run of this name gets. */
export function cgroupFoldersOf(parents: CgroupParents, name: string): string[] {
  return [...new Set(Object.values(parents.folders))].map((parent) => join(parent, name))
}

/** Makes the groups of a run and sets its limits; `ownProcesses` are those of the sandbox itself. */
export async function createCgroups(
  params: Readonly<{ parents: CgroupParents; name: string; limits: SandboxLimits; ownProcesses: number }>,
): Promise<void> {
  const { parents, name, limits, ownProcesses } = params
  for (const folder of cgroupFoldersOf(parents, name)) await mkdir(folder, { recursive: true })
  const pids = `${limits.pids + ownProcesses}`
  const quota = Math.max(1000, Math.round(limits.cpus * CPU_PERIOD_MICROSECONDS))
  const { memory, pids: pidsParent, cpu } = parents.folders
  const set = (parent: string | undefined, file: string, value: string): Promise<void> =>
    parent === undefined ? Promise.resolve() : writeFile(join(parent, name, file), value)
  await set(pidsParent, 'pids.max', pids)
  const bytes = `${limits.memoryBytes}`
  if (parents.version === 1) {
    await set(memory, 'memory.limit_in_bytes', bytes)
    // Absent where the kernel keeps no account of swap.
    await set(memory, 'memory.memsw.limit_in_bytes', bytes).catch(() => undefined)
    await set(memory, 'memory.swappiness', '0').catch(() => undefined)
    await set(cpu, 'cpu.cfs_period_us', `${CPU_PERIOD_MICROSECONDS}`)
    await set(cpu, 'cpu.cfs_quota_us', `${quota}`)
  } else {
    await set(memory, 'memory.max', bytes)
    await set(memory, 'memory.swap.max', '0').catch(() => undefined)
    await set(memory, 'memory.oom.group', '1').catch(() => undefined)
    await set(cpu, 'cpu.max', `${quota} ${CPU_PERIOD_MICROSECONDS}`)
  }
}

/** What the kernel counted for a run. */
export interface CgroupCounts {
  /** Processes that were ended for want of memory. */
  readonly memoryKills: number
  readonly memoryPeakBytes: number | null
}

/** Reads what a run used, before its groups go. */
export async function readCgroupCounts(parents: CgroupParents, name: string): Promise<CgroupCounts> {
  const { memory } = parents.folders
  if (memory === undefined) return { memoryKills: 0, memoryPeakBytes: null }
  const isFirst = parents.version === 1
  const events = await readText(join(memory, name, isFirst ? 'memory.oom_control' : 'memory.events'))
  const peak = await readText(join(memory, name, isFirst ? 'memory.max_usage_in_bytes' : 'memory.peak'))
  const kills = /^oom_kill (\d+)$/m.exec(events)?.[1] ?? '0'
  const bytes = Number.parseInt(peak, 10)
  return { memoryKills: Number(kills), memoryPeakBytes: Number.isSafeInteger(bytes) ? bytes : null }
}

/**
 * Ends every process in the groups and takes them away; when it returns, none of them can do anything any more.
 *
 * @throws StorageError `unavailable` when the kernel does not let go of them.
 */
export async function endCgroups(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    if (!basename(folder).startsWith('subnetkit-')) continue
    await writeFile(join(folder, 'cgroup.kill'), '1').catch(() => undefined)
    for (let attempt = 1; !(await removeEmpty(folder)); attempt++) {
      if (attempt > END_ATTEMPTS) {
        const message = `processes in ${folder} do not end`
        throw new StorageError({ code: 'unavailable', message })
      }
      for (const pid of (await readText(join(folder, 'cgroup.procs'))).split('\n')) endProcess(Number(pid))
      await sleep(5)
    }
  }
}

async function removeEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT'
  }
}

function endProcess(pid: number): void {
  if (!Number.isSafeInteger(pid) || pid <= 1) return
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return ''
  }
}
