import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { StorageError } from '@subnetkit/core'

import type {
  BuildImageParams,
  BuildResult,
  Sandbox,
  SandboxRunParams,
  SandboxRunResult,
} from '../../ports/sandbox.ts'
import type { BaseImage, BasePart } from '../base-image/base-image.ts'
import { checkRunName, finishRun } from '../output-area/finish-run.ts'
import { openOutputArea } from '../output-area/output-area.ts'
import { isOwnerAlive, parseOwner } from '../output-area/process-owner.ts'
import { proveSandbox } from '../output-area/prove-sandbox.ts'
import { openRunFolder, removeDeadRuns, removeRun } from '../output-area/run-folder.ts'
import { buildContainerImage } from './build-container-image.ts'
import type { ContainerEngine } from './connect-engine.ts'
import { containerLabels, folderLabelOf, ownLabels } from './container-labels.ts'
import { engineFailure, ignoreGone } from './engine-failure.ts'
import { baseDigestOf, ensureBaseImage } from './ensure-base-image.ts'
import { containerOptions, runContainer } from './run-container.ts'

const nothing = (): Promise<void> => Promise.resolve()

/** Runs submissions in containers of Docker or Podman; made by {@link openContainers}. */
export class ContainerSandbox implements Sandbox {
  readonly name: 'docker' | 'podman'
  readonly #engine: ContainerEngine
  readonly #folder: string
  readonly #bases: readonly BaseImage[]
  #isMountWanted: boolean
  #isProven = false

  constructor(
    options: Readonly<{
      engine: ContainerEngine
      folder: string
      bases: readonly BaseImage[]
      isMountWanted: boolean
    }>,
  ) {
    this.#engine = options.engine
    this.name = options.engine.name
    this.#folder = options.folder
    this.#bases = options.bases
    this.#isMountWanted = options.isMountWanted
  }

  get description(): string {
    const { name, version, socketPath } = this.#engine
    const output = this.#isMountWanted ? 'output in a file system of its size' : 'output watched every 50 ms'
    return `${name} ${version} at ${socketPath}; memory, processes and processors by control group; ${output}; no network, read-only root, no capabilities`
  }

  /** Podman's build does not keep the network from RUN when it is asked to, as seen with 4.3. */
  get isRunAllowed(): boolean {
    return this.#engine.name === 'docker'
  }

  async prepareBaseImages(signal: AbortSignal): Promise<readonly string[]> {
    try {
      // The others are made when the first submission builds from them.
      for (const base of this.#bases.slice(0, 1)) await ensureBaseImage(this.#engine, base, signal)
    } catch (error) {
      signal.throwIfAborted()
      throw engineFailure(error, 'make the base images')
    }
    if (!this.#isProven) await this.#prove(signal)
    return this.#bases.map(({ name }) => name)
  }

  async hasImage(image: string): Promise<boolean> {
    try {
      const digest = await baseDigestOf(this.#engine, image)
      return this.#bases.some((base) => base.digest === digest)
    } catch (error) {
      throw engineFailure(error, 'look for an image')
    }
  }

  buildImage(params: Readonly<BuildImageParams>): Promise<BuildResult> {
    return buildContainerImage(this.#engine, this.#bases, folderLabelOf(this.#folder), params)
  }

  async run(params: Readonly<SandboxRunParams>): Promise<SandboxRunResult> {
    const { name, signal, limits } = params
    checkRunName(name)
    signal.throwIfAborted()
    const { docker } = this.#engine
    try {
      const parts = await this.#largePartsOf(params.image)
      await ignoreGone(docker.getContainer(name).remove({ force: true, v: true }))
      await removeRun(this.#runsFolder, name, nothing)
      await using folder = await openRunFolder({ runsFolder: this.#runsFolder, name, cgroups: [] })
      const isMountWanted = this.#isMountWanted
      await using area = await openOutputArea({
        path: folder.outputPath,
        bytes: limits.outputBytes,
        isMountWanted,
      })
      const options = containerOptions(params, area.path, parts, await ownLabels(this.#folder))
      const container = await docker.createContainer(options)
      try {
        const program = await runContainer(this.#engine, container, params, area)
        await container.remove({ force: true, v: true })
        return await finishRun(params, program, area)
      } finally {
        await ignoreGone(container.remove({ force: true, v: true }))
      }
    } catch (error) {
      signal.throwIfAborted()
      throw engineFailure(error, 'run a submission')
    }
  }

  async removeImage(image: string): Promise<void> {
    try {
      await ignoreGone(this.#engine.docker.getImage(image).remove({ force: true }))
    } catch (error) {
      throw engineFailure(error, 'remove an image')
    }
  }

  async removeLeftovers(): Promise<readonly string[]> {
    const { docker } = this.#engine
    const label = `${containerLabels.folder}=${folderLabelOf(this.#folder)}`
    try {
      const removed = new Set<string>()
      for (const { Id: id, Names: names, Labels: labels } of await docker.listContainers({
        all: true,
        filters: { label: [label] },
      })) {
        const owner = parseOwner(labels[containerLabels.owner] ?? '')
        if (owner !== null && (await isOwnerAlive(owner))) continue
        await ignoreGone(docker.getContainer(id).remove({ force: true, v: true }))
        removed.add((names[0] ?? id).replace(/^\//, ''))
      }
      for (const run of await removeDeadRuns(this.#runsFolder, nothing)) removed.add(run)
      await docker.pruneImages({ filters: { dangling: ['true'], label: [label] } })
      // What a broken build leaves has no label of ours but the base's; others' builds end within the hour.
      await docker.pruneImages({
        filters: { dangling: ['true'], label: [containerLabels.base], until: ['1h'] },
      })
      return [...removed]
    } catch (error) {
      throw engineFailure(error, 'remove leftovers')
    }
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  get #runsFolder(): string {
    return join(this.#folder, 'runs')
  }

  /** What is mounted beside an image, because its base leaves it out. */
  async #largePartsOf(image: string): Promise<readonly BasePart[]> {
    const digest = await baseDigestOf(this.#engine, image)
    if (digest === null) {
      const message = `image ${image} is not on this machine; build it first`
      throw new StorageError({ code: 'not_found', message })
    }
    const base = this.#bases.find((candidate) => candidate.digest === digest)
    return (base?.parts ?? []).filter(({ isLarge }) => isLarge)
  }

  /** An engine that does not see what this process mounts gets folders that are watched. */
  async #prove(signal: AbortSignal): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o711 })
    let proof = await proveSandbox(this, signal)
    if (proof.problem === null && !proof.hasOutput && this.#isMountWanted) {
      this.#isMountWanted = false
      proof = await proveSandbox(this, signal)
    }
    const problem = proof.problem ?? (proof.hasOutput ? null : 'what a container writes does not arrive')
    if (problem !== null) throw new StorageError({ code: 'unavailable', message: problem, retryable: false })
    this.#isProven = true
  }
}
