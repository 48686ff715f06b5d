import { execFile } from 'node:child_process'
import { access, mkdir } from 'node:fs/promises'
import { promisify } from 'node:util'

import { InputError, StorageError } from '@subnetkit/core'

import type { Sandbox } from '../../ports/sandbox.ts'
import type { BaseImage } from '../base-image/base-image.ts'
import { describeBaseImages } from '../base-image/describe-base-images.ts'
import { sharedLibraries } from '../base-image/shared-libraries.ts'
import { canMountMemory } from '../output-area/output-area.ts'
import { proveSandbox } from '../output-area/prove-sandbox.ts'
import { BubblewrapSandbox, setprivPath } from './bubblewrap-sandbox.ts'
import { type CgroupParents, findCgroupParents } from './cgroups.ts'
import { seccompFilter } from './seccomp-filter.ts'

const run = promisify(execFile)
const environment = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }

/**
 * Opens the bubblewrap sandbox after a program has run in it.
 *
 * @throws InputError when bubblewrap or what it needs is not installed; StorageError when the kernel does not let it work.
 */
export async function openBubblewrap(
  params: Readonly<{ folder: string; signal: AbortSignal }>,
): Promise<Sandbox> {
  const { folder, signal } = params
  const version = await versionOf('bwrap', 'bubblewrap', signal)
  await versionOf('prlimit', 'util-linux', signal)
  const isRoot = process.getuid?.() === 0
  const setpriv = isRoot ? await findSetpriv() : null
  const bases = await describeBaseImages(signal)
  await mkdir(folder, { recursive: true, mode: 0o711 })
  const parents = await findCgroupParents()
  const isMountWanted = await canMountMemory(folder)
  const seccomp = seccompFilter(process.arch)
  const sandbox = new BubblewrapSandbox({
    folder,
    bases: setpriv === null ? bases : await withSetpriv(bases, setpriv, signal),
    parents,
    isMountWanted,
    isRoot,
    seccomp,
    description: describe({ version, parents, isMountWanted, isRoot, hasFilter: seccomp !== null }),
  })
  const { problem } = await proveSandbox(sandbox, signal)
  if (problem !== null) {
    throw new StorageError({ code: 'unavailable', message: problem, retryable: false })
  }
  return sandbox
}

async function versionOf(program: string, debianPackage: string, signal: AbortSignal): Promise<string> {
  try {
    const { stdout } = await run(program, ['--version'], { env: environment, signal })
    return stdout.trim()
  } catch (cause) {
    signal.throwIfAborted()
    throw new InputError({
      field: 'sandbox',
      value: program,
      problem: 'does not run on this machine',
      hint: `install it, on Debian with apt install ${debianPackage}`,
      cause,
    })
  }
}

async function findSetpriv(): Promise<string> {
  for (const path of ['/usr/bin/setpriv', '/bin/setpriv']) {
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path
  }
  throw new InputError({
    field: 'sandbox',
    value: 'setpriv',
    problem: 'is not installed, and root does not start submissions without it',
    hint: 'install util-linux, or start the benchmark as another user',
  })
}

async function withSetpriv(
  bases: readonly BaseImage[],
  setpriv: string,
  signal: AbortSignal,
): Promise<BaseImage[]> {
  const libraries = await sharedLibraries([setpriv], signal)
  return bases.map((base) => {
    const paths = new Set(base.parts.map(({ path }) => path))
    const more = libraries
      .filter((path) => !paths.has(path))
      .map((path) => ({ source: path, path, isLarge: false }))
    return {
      ...base,
      parts: [...base.parts, ...more, { source: setpriv, path: setprivPath, isLarge: false }],
    }
  })
}

function describe(
  found: Readonly<{
    version: string
    parents: CgroupParents
    isMountWanted: boolean
    isRoot: boolean
    hasFilter: boolean
  }>,
): string {
  const { folders, version: groups } = found.parents
  return [
    `${found.version} ${found.isRoot ? 'started by root, program is nobody' : 'in a user namespace'}`,
    found.hasFilter ? 'system calls filtered' : 'system calls not filtered on this architecture',
    folders.memory === undefined
      ? 'memory per process, not of all together (no control groups)'
      : `memory by control group v${groups}`,
    folders.pids === undefined ? 'processes per user' : 'processes by control group',
    folders.cpu === undefined ? 'processor time in all, not per second' : 'processors by control group',
    found.isMountWanted ? 'output in a file system of its size' : 'output watched every 50 ms',
    'no network, read-only root, no capabilities',
  ].join('; ')
}
