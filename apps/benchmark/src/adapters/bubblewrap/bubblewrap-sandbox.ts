import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { InputError, StorageError } from '@subnetkit/core'

import type {
  BuildImageParams,
  BuildResult,
  Sandbox,
  SandboxLimits,
  SandboxRunParams,
  SandboxRunResult,
} from '../../ports/sandbox.ts'
import type { BaseImage } from '../base-image/base-image.ts'
import { checkRunName, finishRun } from '../output-area/finish-run.ts'
import { openOutputArea } from '../output-area/output-area.ts'
import { openRunFolder, removeDeadRuns, removeRun } from '../output-area/run-folder.ts'
import { bubblewrapArguments } from './bubblewrap-arguments.ts'
import { type BubblewrapImage, BubblewrapImages } from './bubblewrap-images.ts'
import {
  type CgroupCounts,
  cgroupFoldersOf,
  type CgroupParents,
  createCgroups,
  endCgroups,
  readCgroupCounts,
} from './cgroups.ts'
import { type BubblewrapEnd, bubblewrapFds, runBubblewrap } from './run-bubblewrap.ts'

/** `bwrap` outside, and the first process of the namespace. */
const OWN_PROCESSES = 2
const OPEN_FILES = 1024
/** Where root's sandbox shows the program that turns a submission into nobody. */
export const setprivPath = '/opt/subnetkit/bin/setpriv'

/** What {@link openBubblewrap} found out. */
export interface BubblewrapSandboxOptions {
  readonly folder: string
  readonly bases: readonly BaseImage[]
  readonly parents: CgroupParents
  readonly isMountWanted: boolean
  /** True for root: the bases show setpriv at {@link setprivPath}. */
  readonly isRoot: boolean
  /** Null where the architecture is not known. */
  readonly seccomp: Buffer | null
  readonly description: string
}

/** Runs submissions under bubblewrap; made by {@link openBubblewrap}, which proves that it works. */
export class BubblewrapSandbox implements Sandbox {
  readonly name = 'bubblewrap'
  readonly isRunAllowed = false
  readonly description: string
  readonly #options: BubblewrapSandboxOptions
  readonly #images: BubblewrapImages
  readonly #runsFolder: string

  constructor(options: BubblewrapSandboxOptions) {
    this.#options = options
    this.description = options.description
    this.#images = new BubblewrapImages(join(options.folder, 'images'), options.bases)
    this.#runsFolder = join(options.folder, 'runs')
  }

  prepareBaseImages(): Promise<readonly string[]> {
    return Promise.resolve(this.#options.bases.map(({ name }) => name))
  }

  async hasImage(image: string): Promise<boolean> {
    return (await this.#images.find(image)) !== null
  }

  buildImage(params: Readonly<BuildImageParams>): Promise<BuildResult> {
    return this.#images.build(params, () => performance.now())
  }

  removeImage(image: string): Promise<void> {
    return this.#images.remove(image)
  }

  async run(params: Readonly<SandboxRunParams>): Promise<SandboxRunResult> {
    params.signal.throwIfAborted()
    const image = await this.#images.find(params.image)
    if (image === null) {
      const message = `image ${params.image} is not on this machine; build it first`
      throw new StorageError({ code: 'not_found', message })
    }
    checkRunName(params.name)
    if (params.isGpuWanted) throw noGpu()
    const { parents, isMountWanted } = this.#options
    const group = `${params.name}-${createHash('sha256').update(this.#runsFolder).digest('hex').slice(0, 8)}`
    const cgroups = cgroupFoldersOf(parents, group)
    await endCgroups(cgroups)
    await removeRun(this.#runsFolder, params.name, endCgroups)
    await using folder = await openRunFolder({ runsFolder: this.#runsFolder, name: params.name, cgroups })
    const { limits } = params
    await using area = await openOutputArea({
      path: folder.outputPath,
      bytes: limits.outputBytes,
      isMountWanted,
    })
    try {
      await createCgroups({ parents, name: group, limits, ownProcesses: OWN_PROCESSES })
      const seccompPath = await this.#writeFilter(folder.path)
      let counts: CgroupCounts = { memoryKills: 0, memoryPeakBytes: null }
      const end = await runBubblewrap({
        command: [...this.#limitCommand(limits), 'bwrap', ...this.#arguments(params, image, area.path)],
        cgroups,
        seccompPath,
        timeLimitMs: limits.timeLimitMs,
        logBytes: limits.logBytes,
        isOutputFull: () => area.isFull(),
        endAll: async () => {
          counts = await readCgroupCounts(parents, group)
          await endCgroups(cgroups)
        },
        signal: params.signal,
      })
      const isOutOfMemory = counts.memoryKills > 0 && end.exitCode !== 0
      if (end.stoppedFor === null && end.exitCode === null && !isOutOfMemory) throw notBegun(end)
      const { memoryPeakBytes } = counts
      return await finishRun(params, { ...end, isOutOfMemory, memoryPeakBytes }, area)
    } finally {
      await endCgroups(cgroups)
    }
  }

  async removeLeftovers(): Promise<readonly string[]> {
    const runs = await removeDeadRuns(this.#runsFolder, endCgroups)
    return [...runs, ...(await this.#images.removeLeftovers())]
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #writeFilter(folder: string): Promise<string | null> {
    if (this.#options.seccomp === null) return null
    const path = join(folder, 'seccomp.bpf')
    await writeFile(path, this.#options.seccomp)
    return path
  }

  #arguments(params: Readonly<SandboxRunParams>, image: BubblewrapImage, outputFolder: string): string[] {
    const { isRoot, seccomp, bases } = this.#options
    const parts = bases.find(({ name }) => name === image.base)?.parts ?? []
    return bubblewrapArguments({
      root: image.root,
      parts,
      inputFolder: params.inputFolder,
      outputFolder,
      tmpBytes: params.limits.tmpBytes,
      environment: { ...image.environment, ...params.environment },
      workFolder: image.workFolder,
      command: image.entrypoint,
      seccompFd: seccomp === null ? null : bubblewrapFds.seccomp,
      statusFd: bubblewrapFds.status,
      setpriv: isRoot ? setprivPath : null,
    })
  }

  #limitCommand(limits: SandboxLimits): string[] {
    const { memory, pids } = this.#options.parents.folders
    const seconds = Math.ceil((limits.timeLimitMs / 1000) * Math.max(1, limits.cpus)) + 1
    return [
      'prlimit',
      `--fsize=${limits.fileBytes}`,
      `--nofile=${OPEN_FILES}`,
      `--cpu=${seconds}`,
      '--core=0',
      '--memlock=65536',
      ...(memory === undefined ? [`--data=${limits.memoryBytes}`] : []),
      ...(pids === undefined ? [`--nproc=${limits.pids + OWN_PROCESSES}`] : []),
      '--',
    ]
  }
}

function notBegun(end: BubblewrapEnd): StorageError {
  const message = `bubblewrap did not begin the program: ${end.log.slice(-500).trim()}`
  return new StorageError({ code: 'unavailable', message })
}

function noGpu(): InputError {
  const hint = 'use a container engine with GPUs, or turn GPUs off'
  return new InputError({ field: 'gpu', problem: 'cannot be given by the bubblewrap sandbox', hint })
}
