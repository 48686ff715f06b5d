import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { StorageError } from '@subnetkit/core'
import tar from 'tar-fs'

import type { BaseImage } from '../base-image/base-image.ts'
import type { ContainerEngine } from './connect-engine.ts'
import { containerLabels } from './container-labels.ts'
import { engineStatus } from './engine-failure.ts'
import { followBuild } from './follow-build.ts'

/** Builds a base image FROM scratch unless the engine has it with the same digest. */
export async function ensureBaseImage(
  engine: ContainerEngine,
  base: BaseImage,
  signal: AbortSignal,
): Promise<void> {
  if ((await baseDigestOf(engine, base.name)) === base.digest) return
  const stage = await mkdtemp(join(tmpdir(), 'subnetkit-base-'))
  try {
    await layStage(base, stage)
    const pack = tar.pack(stage, {
      dereference: true,
      // What package managers put beside a package, its own links among it, is no part of it.
      ignore: (path) =>
        /\/node_modules\/(?:@[^/]+\/)?[^/]+\/node_modules(?:\/|$)/.test(path.slice(stage.length)),
      map: (header) => ({
        ...header,
        uid: 0,
        gid: 0,
        mode: modeOf(header.name, header.mode, header.type === 'directory'),
      }),
      finalize: false,
      finish: (entries) => {
        for (const { path, target } of base.links) {
          entries.entry({ name: `root${path}`, type: 'symlink', linkname: target })
        }
        entries.finalize()
      },
    })
    const answer = await engine.docker.buildImage(pack, {
      t: base.name,
      nocache: true,
      rm: true,
      forcerm: true,
      networkmode: 'none',
      abortSignal: signal,
    })
    const { problem } = await followBuild(answer)
    if (problem !== null) {
      const message = `the base image ${base.name} cannot be built: ${problem}`
      throw new StorageError({ code: 'unavailable', message })
    }
  } finally {
    await rm(stage, { recursive: true, force: true })
  }
}

/** The digest of the base that an image is, or was built from; null when the engine does not have the image. */
export async function baseDigestOf(engine: ContainerEngine, image: string): Promise<string | null> {
  try {
    const { Config: config } = await engine.docker.getImage(image).inspect()
    return config.Labels?.[containerLabels.base] ?? ''
  } catch (error) {
    if (engineStatus(error) === 404) return null
    throw error
  }
}

function modeOf(name: string, mode: number | undefined, isFolder: boolean): number {
  // Podman gives a file system in memory the mode of the folder below it.
  if (name.replace(/\/$/, '') === 'root/tmp') return 0o1777
  return isFolder || ((mode ?? 0) & 0o111) !== 0 ? 0o755 : 0o644
}

/** Links to the parts, which the archive follows; for a large one, the place where it is mounted. */
async function layStage(base: BaseImage, stage: string): Promise<void> {
  const root = join(stage, 'root')
  for (const path of base.folders) await mkdir(join(root, path), { recursive: true })
  for (const { source, path, isLarge } of base.parts) {
    await mkdir(join(root, isLarge ? path : dirname(path)), { recursive: true })
    await stat(source)
    if (!isLarge) await symlink(source, join(root, path))
  }
  for (const { path, text } of base.texts) {
    await mkdir(join(root, dirname(path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  const lines = [
    'FROM scratch',
    'COPY root/ /',
    ...Object.entries(base.environment).map(([name, value]) => `ENV ${name}=${value}`),
    `LABEL ${containerLabels.base}=${base.digest}`,
    'USER 65534:65534',
  ]
  await writeFile(join(stage, 'Dockerfile'), `${lines.join('\n')}\n`)
}
