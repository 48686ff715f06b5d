import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { InputError, isInputError } from '@subnetkit/core'
import tar from 'tar-fs'

import type { Dockerfile } from '../../dockerfile/dockerfile.ts'
import { dockerfileError } from '../../dockerfile/dockerfile-error.ts'
import { readDockerfile } from '../../dockerfile/read-dockerfile.ts'
import type { BuildImageParams, BuildResult } from '../../ports/sandbox.ts'
import type { BaseImage } from '../base-image/base-image.ts'
import type { ContainerEngine } from './connect-engine.ts'
import { containerLabels } from './container-labels.ts'
import { engineFailure, engineStatus } from './engine-failure.ts'
import { ensureBaseImage } from './ensure-base-image.ts'
import { type BuildReport, followBuild } from './follow-build.ts'

const BUILD_MEMORY_BYTES = 2_147_483_648
const CPU_PERIOD_MICROSECONDS = 100_000
// They would change which files an engine sees, or what it takes for the Dockerfile.
const leftOut: ReadonlySet<string> = new Set([
  '.git',
  '.dockerignore',
  '.containerignore',
  'Dockerfile.dockerignore',
])

/** Has an engine build exactly a tree, without network, cache or images of others. */
export async function buildContainerImage(
  engine: ContainerEngine,
  bases: readonly BaseImage[],
  folderLabel: string,
  params: Readonly<BuildImageParams>,
): Promise<BuildResult> {
  const failed = (reason: string): BuildResult => ({ isBuilt: false, reason, log: '' })
  try {
    await prepareBuild(engine, bases, params)
  } catch (error) {
    params.signal.throwIfAborted()
    if (isInputError(error)) return failed(error.message)
    throw engineFailure(error, 'make a base image')
  }
  const begin = performance.now()
  const timeLimit = AbortSignal.timeout(params.timeLimitMs)
  try {
    const signal = AbortSignal.any([params.signal, timeLimit])
    const { log, problem } = await build(engine, folderLabel, params, signal)
    signal.throwIfAborted()
    if (problem !== null) return { isBuilt: false, reason: problem, log }
    return { isBuilt: true, image: params.image, buildMs: Math.round(performance.now() - begin) }
  } catch (error) {
    params.signal.throwIfAborted()
    if (timeLimit.aborted) return failed(`the build took longer than ${params.timeLimitMs} ms`)
    // An engine refuses a Dockerfile with 400 before it begins; anything else is its own failure.
    if (engineStatus(error) === 400 && error instanceof Error) return failed(error.message)
    throw engineFailure(error, 'build an image')
  }
}

/** Refuses what must not be built, and makes the base images that it needs: their time is not the submission's. */
async function prepareBuild(
  engine: ContainerEngine,
  bases: readonly BaseImage[],
  { tree, signal }: Readonly<BuildImageParams>,
): Promise<void> {
  await refuseLinks(tree)
  const file = readDockerfile(await readFile(join(tree, 'Dockerfile'), 'utf8').catch(() => ''))
  checkBases(
    file,
    bases.map(({ name }) => name),
  )
  if (engine.name === 'podman') refuseRun(file)
  for (const base of bases) {
    if (file.stages.some((stage) => stage.base === base.name)) await ensureBaseImage(engine, base, signal)
  }
}

async function build(
  engine: ContainerEngine,
  folderLabel: string,
  { tree, image }: Readonly<BuildImageParams>,
  signal: AbortSignal,
): Promise<BuildReport> {
  const context = tar.pack(tree, {
    ignore: (path) => leftOut.has(path.slice(tree.length).replace(/^\/+/, '')),
    map: (header) => ({ ...header, uid: 0, gid: 0, mtime: new Date(0) }),
  })
  const stream = await engine.docker.buildImage(context, {
    t: image,
    dockerfile: 'Dockerfile',
    networkmode: 'none',
    nocache: true,
    pull: false,
    rm: true,
    forcerm: true,
    memory: BUILD_MEMORY_BYTES,
    memswap: BUILD_MEMORY_BYTES,
    cpuquota: CPU_PERIOD_MICROSECONDS,
    cpuperiod: CPU_PERIOD_MICROSECONDS,
    labels: { [containerLabels.folder]: folderLabel },
    abortSignal: signal,
  })
  return await followBuild(stream)
}

/** Podman's build does not keep the network from RUN when it is asked to, as seen with 4.3. */
function refuseRun({ instructions }: Dockerfile): void {
  const found = instructions.find(({ name }) => name === 'RUN' || name === 'ONBUILD')
  if (found === undefined) return
  const problem = 'is not possible with Podman, which does not keep the network from it'
  const hint = 'COPY what it would make'
  throw dockerfileError({ line: found.line, value: found.name, problem, hint })
}

/** Images of others are never fetched, nor used when somebody has fetched them. */
function checkBases({ stages }: Dockerfile, baseNames: readonly string[]): void {
  const earlier = new Set<string>()
  for (const { base, line, name, flags, copies } of stages) {
    if (!baseNames.includes(base) && !earlier.has(base)) {
      const hint = `build FROM ${baseNames.join(' or ')}`
      throw dockerfileError({ line, value: base, problem: 'is not a base image of this benchmark', hint })
    }
    const [flag] = Object.keys(flags)
    if (flag !== undefined) {
      throw dockerfileError({
        line,
        value: `--${flag}`,
        problem: 'is not possible here',
        hint: 'take it away',
      })
    }
    for (const { from, line: copyLine, isAdd } of copies) {
      const isKnown =
        from === null || earlier.has(from) || (/^\d+$/.test(from) && Number(from) < earlier.size)
      if (isKnown && !isAdd) continue
      const value = isAdd ? 'ADD' : `--from=${from ?? ''}`
      const hint = 'COPY from the repository, or from an earlier stage by name'
      throw dockerfileError({ line: copyLine, value, problem: 'is not possible here', hint })
    }
    earlier.add(name ?? `stage without a name in line ${line}`)
  }
}

async function refuseLinks(folder: string, path = ''): Promise<void> {
  for (const entry of await readdir(join(folder, path), { withFileTypes: true })) {
    const own = join(path, entry.name)
    if (path === '' && leftOut.has(entry.name)) continue
    if (entry.isDirectory()) await refuseLinks(folder, own)
    else if (!entry.isFile() || (await lstat(join(folder, own))).nlink > 1) {
      throw new InputError({
        field: 'repository',
        value: own,
        problem: 'is a link or no regular file',
        hint: 'put a file there',
      })
    }
  }
}
