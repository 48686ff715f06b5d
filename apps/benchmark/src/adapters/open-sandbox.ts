import { join, resolve } from 'node:path'

import { InputError, type Logger } from '@subnetkit/core'

import type { Sandbox } from '../ports/sandbox.ts'
import { openBubblewrap } from './bubblewrap/open-bubblewrap.ts'
import { openContainers } from './container/open-containers.ts'

/** Which sandbox is wanted; `auto` takes a container engine before bubblewrap. */
export type SandboxKind = 'auto' | 'container' | 'bubblewrap'

/** What {@link openSandbox} needs. */
export interface OpenSandboxParams {
  readonly kind: SandboxKind
  /** Where images and runs of this machine lie; made when it is missing. */
  readonly folder: string
  /** As `DOCKER_HOST`; null looks at the usual sockets. */
  readonly dockerHost: string | null
  readonly log: Logger
  readonly signal: AbortSignal
}

/**
 * Opens the sandbox in which submissions are built and run. There is no third way: a submission is never started as a plain
 * process.
 *
 * @throws InputError naming the two ways out when this machine has neither, or not the one that is wanted.
 */
export async function openSandbox(params: Readonly<OpenSandboxParams>): Promise<Sandbox> {
  const { kind, dockerHost, log, signal } = params
  const folder = resolve(params.folder)
  const problems: { way: string; cause: unknown }[] = []
  if (kind !== 'bubblewrap') {
    try {
      return await openContainers({ folder: join(folder, 'containers'), dockerHost, signal })
    } catch (cause) {
      signal.throwIfAborted()
      problems.push({ way: 'container engine', cause })
      // Somebody who names an engine does not want another sandbox in its place.
      if (dockerHost !== null) throw noSandbox(problems)
      log.debug({ err: cause }, 'no container engine')
    }
  }
  if (kind !== 'container') {
    try {
      return await openBubblewrap({ folder: join(folder, 'bubblewrap'), signal })
    } catch (cause) {
      signal.throwIfAborted()
      problems.push({ way: 'bubblewrap', cause })
    }
  }
  throw noSandbox(problems)
}

function noSandbox(problems: readonly { way: string; cause: unknown }[]): InputError {
  const told = problems.map(({ way, cause }) => (cause instanceof Error ? cause.message : `${way}: fails`))
  return new InputError({
    field: 'sandbox',
    problem: `cannot be had on this machine (${told.join(' | ')})`,
    hint: 'start a container engine (Docker or Podman), or install bubblewrap (on Debian: apt install bubblewrap)',
    cause: problems.at(-1)?.cause,
  })
}
