import { access } from 'node:fs/promises'

import { InputError } from '@subnetkit/core'
import Docker from 'dockerode'

/** A container engine that answers. */
export interface ContainerEngine {
  readonly docker: Docker
  readonly name: 'docker' | 'podman'
  readonly version: string
  readonly socketPath: string
}

const PATIENCE_MS = 10_000

/**
 * Finds an engine: at `dockerHost` when it is given, else Docker's socket, else the one of the user's or root's Podman.
 *
 * @throws InputError when `dockerHost` is not a socket of this machine, and when no engine answers.
 */
export async function connectEngine(
  params: Readonly<{ dockerHost: string | null; signal: AbortSignal }>,
): Promise<ContainerEngine> {
  const { dockerHost, signal } = params
  const paths = dockerHost === null ? usualSockets() : [socketPathOf(dockerHost)]
  const told: string[] = []
  for (const socketPath of paths) {
    signal.throwIfAborted()
    const found = await tryEngine(socketPath)
    if (typeof found !== 'string') return found
    told.push(`${socketPath} ${found}`)
  }
  throw new InputError({
    field: dockerHost === null ? 'container engine' : 'DOCKER_HOST',
    problem: `does not answer (${told.join(', ')})`,
    hint: 'start Docker or `podman system service`, or let DOCKER_HOST name its socket',
  })
}

function usualSockets(): string[] {
  const uid = process.getuid?.() ?? 0
  return ['/var/run/docker.sock', `/run/user/${uid}/podman/podman.sock`, '/run/podman/podman.sock']
}

function socketPathOf(dockerHost: string): string {
  const path = /^unix:\/\/(\/.+)$/.exec(dockerHost)?.[1]
  if (path !== undefined) return path
  throw new InputError({
    field: 'DOCKER_HOST',
    value: dockerHost,
    problem: 'is no socket of this machine, and a dataset is given to a container from this machine’s disk',
    hint: 'give unix:///path/of/the.sock',
  })
}

async function tryEngine(socketPath: string): Promise<ContainerEngine | string> {
  if (
    !(await access(socketPath).then(
      () => true,
      () => false,
    ))
  )
    return 'is not there'
  // The time limit is for the answers of this look only: a build or a run may be silent for long.
  const first = new Docker({ socketPath, timeout: PATIENCE_MS })
  try {
    const { Version: version, Components: components } = await first.version()
    const isPodman = (components ?? []).some(({ Name: name }) => name.toLowerCase().includes('podman'))
    return { docker: new Docker({ socketPath }), name: isPodman ? 'podman' : 'docker', version, socketPath }
  } catch (error) {
    return error instanceof Error ? `says ${error.message}` : 'fails'
  }
}
