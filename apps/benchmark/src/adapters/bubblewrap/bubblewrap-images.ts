import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { isInputError } from '@subnetkit/core'
import { z } from 'zod'

import { readDockerfile } from '../../dockerfile/read-dockerfile.ts'
import type { BuildImageParams, BuildResult } from '../../ports/sandbox.ts'
import type { BaseImage } from '../base-image/base-image.ts'
import { currentOwner, formatOwner, isOwnerAlive, parseOwner } from '../output-area/process-owner.ts'
import { checkBubblewrapDockerfile, layBubblewrapTree } from './build-bubblewrap-image.ts'

const recordSchema = z.strictObject({
  image: z.string(),
  base: z.string(),
  /** Of the base image that the tree was laid for. */
  baseDigest: z.string(),
  environment: z.record(z.string(), z.string()),
  workFolder: z.string(),
  entrypoint: z.array(z.string()),
})

/** An image of the bubblewrap sandbox: a tree, and how to begin in it. */
export interface BubblewrapImage extends z.infer<typeof recordSchema> {
  readonly root: string
}

const NEW = '.new-'

/** The images under a folder: one folder each, named by a hash of the image's name, that appears whole or not at all. */
export class BubblewrapImages {
  readonly #folder: string
  readonly #bases: readonly BaseImage[]

  constructor(folder: string, bases: readonly BaseImage[]) {
    this.#folder = folder
    this.#bases = bases
  }

  /** Null when there is none, or the base image has changed since. */
  async find(image: string): Promise<BubblewrapImage | null> {
    const folder = this.#folderOf(image)
    const text = await readFile(join(folder, 'image.json'), 'utf8').catch(() => null)
    if (text === null) return null
    const record = recordSchema.parse(JSON.parse(text))
    const base = this.#bases.find(({ name }) => name === record.base)
    return base?.digest === record.baseDigest ? { ...record, root: join(folder, 'root') } : null
  }

  /** Builds and replaces. What the submission did wrong is the answer's reason. */
  async build(params: Readonly<BuildImageParams>, now: () => number): Promise<BuildResult> {
    const begin = now()
    const timeLimit = AbortSignal.timeout(params.timeLimitMs)
    const signal = AbortSignal.any([params.signal, timeLimit])
    const fresh = `${this.#folderOf(params.image)}${NEW}${formatOwner(await currentOwner())}`
    try {
      await rm(fresh, { recursive: true, force: true })
      await this.#lay(params, fresh, signal)
      await this.remove(params.image)
      await rename(fresh, this.#folderOf(params.image))
      return { isBuilt: true, image: params.image, buildMs: Math.round(now() - begin) }
    } catch (error) {
      await rm(fresh, { recursive: true, force: true })
      params.signal.throwIfAborted()
      if (timeLimit.aborted) {
        const reason = `the build took longer than ${params.timeLimitMs} ms`
        return { isBuilt: false, reason, log: '' }
      }
      if (isInputError(error)) return { isBuilt: false, reason: error.message, log: '' }
      throw error
    }
  }

  async remove(image: string): Promise<void> {
    await rm(this.#folderOf(image), { recursive: true, force: true })
  }

  /** Removes what builds of dead processes left. Returns the folders' names. */
  async removeLeftovers(): Promise<string[]> {
    const removed: string[] = []
    for (const name of await readdir(this.#folder).catch(() => [])) {
      if (!name.includes(NEW)) continue
      const owner = parseOwner(name.slice(name.indexOf(NEW) + NEW.length))
      if (owner !== null && (await isOwnerAlive(owner))) continue
      await rm(join(this.#folder, name), { recursive: true, force: true })
      removed.push(name)
    }
    return removed
  }

  async #lay(params: Readonly<BuildImageParams>, fresh: string, signal: AbortSignal): Promise<void> {
    const text = await readFile(join(params.tree, 'Dockerfile'), 'utf8').catch(() => '')
    const file = readDockerfile(text)
    const recipe = checkBubblewrapDockerfile(file, this.#bases)
    const base = this.#bases.find(({ name }) => name === recipe.base)
    if (base === undefined) return
    const root = join(fresh, 'root')
    await mkdir(root, { recursive: true })
    await layBubblewrapTree({ file, base, tree: params.tree, root, signal })
    const record = { ...recipe, image: params.image, baseDigest: base.digest }
    await writeFile(join(fresh, 'image.json'), JSON.stringify(recordSchema.parse(record)))
  }

  #folderOf(image: string): string {
    return join(this.#folder, createHash('sha256').update(image).digest('hex').slice(0, 32))
  }
}
