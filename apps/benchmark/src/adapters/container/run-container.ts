import { setTimeout as sleep } from 'node:timers/promises'

import type Docker from 'dockerode'

import type { SandboxRunParams } from '../../ports/sandbox.ts'
import type { BasePart } from '../base-image/base-image.ts'
import { BoundedLog } from '../output-area/bounded-log.ts'
import type { FinishedProgram } from '../output-area/finish-run.ts'
import { type OutputArea, sandboxUserId } from '../output-area/output-area.ts'
import type { ContainerEngine } from './connect-engine.ts'
import { demuxOutput } from './demux-output.ts'
import { ignoreGone } from './engine-failure.ts'

const WATCH_MS = 100
const LAST_WORDS_MS = 2000
const OPEN_FILES = 1024
/** Of nobody over all containers; what one may have is the pids limit's to say. Without it Podman raises a limit, which needs a right. */
const USER_PROCESSES = 16_384
const NANO = 1_000_000_000
const EXIT_KILLED = 137

// Engines put places there that anybody may write; these take theirs, and only root may.
const closed = 'rw,noexec,nosuid,nodev,mode=0555,size=65536'
const closedPlaces = { '/dev/shm': closed, '/run': closed, '/var/tmp': closed }

/** What a container is made of: all that is not given is denied. */
export function containerOptions(
  params: Readonly<SandboxRunParams>,
  outputFolder: string,
  parts: readonly BasePart[],
  labels: Readonly<Record<string, string>>,
): Docker.ContainerCreateOptions {
  const { limits } = params
  const bind = (source: string, target: string, isReadOnly: boolean): Docker.MountSettings => ({
    Type: 'bind',
    Source: source,
    Target: target,
    ReadOnly: isReadOnly,
  })
  const limit = (name: string, most: number): Docker.Ulimit => ({ Name: name, Soft: most, Hard: most })
  return {
    name: params.name,
    Image: params.image,
    User: `${sandboxUserId}:${sandboxUserId}`,
    Env: Object.entries(params.environment).map(([name, value]) => `${name}=${value}`),
    Labels: { ...labels },
    Hostname: 'sandbox',
    Healthcheck: { Test: ['NONE'] },
    AttachStdin: false,
    OpenStdin: false,
    Tty: false,
    NetworkDisabled: true,
    HostConfig: {
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      IpcMode: 'private',
      Memory: limits.memoryBytes,
      MemorySwap: limits.memoryBytes,
      NanoCpus: Math.round(limits.cpus * NANO),
      PidsLimit: limits.pids,
      Ulimits: [
        limit('fsize', limits.fileBytes),
        limit('nofile', OPEN_FILES),
        limit('nproc', USER_PROCESSES),
        limit('core', 0),
      ],
      Tmpfs: { '/tmp': `rw,exec,nosuid,nodev,mode=1777,size=${limits.tmpBytes}`, ...closedPlaces },
      Mounts: [
        ...parts.map(({ source, path }) => bind(source, path, true)),
        bind(params.inputFolder, '/data/input', true),
        bind(outputFolder, '/data/output', false),
      ],
      // What it says is read as it says it: the engine keeps nothing on its disk.
      LogConfig: { Type: 'none', Config: {} },
      RestartPolicy: { Name: 'no' },
      ...(params.isGpuWanted
        ? { DeviceRequests: [{ Driver: '', Count: -1, DeviceIDs: [], Capabilities: [['gpu']], Options: {} }] }
        : {}),
    },
  }
}

/** Runs a created container to its end or its limits. The caller removes it. */
export async function runContainer(
  engine: ContainerEngine,
  container: Docker.Container,
  params: Readonly<SandboxRunParams>,
  area: OutputArea,
): Promise<FinishedProgram> {
  const { limits, signal } = params
  const log = new BoundedLog(limits.logBytes)
  const stream = await container.attach({ stream: true, stdout: true, stderr: true })
  const listening = listen(stream, log)
  const state: { stoppedFor: FinishedProgram['stoppedFor']; isOver: boolean } = {
    stoppedFor: null,
    isOver: false,
  }
  const kill = (): void => {
    void ignoreGone(container.kill({ signal: 'KILL' })).catch(() => undefined)
  }
  await container.start()
  const begin = performance.now()
  const timer = setTimeout(() => {
    state.stoppedFor ??= 'timeout'
    kill()
  }, limits.timeLimitMs)
  signal.addEventListener('abort', kill, { once: true })
  if (signal.aborted) kill()
  const watching = watch(state, area, kill)
  try {
    const answer: unknown = await container.wait()
    const executionMs = Math.round(performance.now() - begin)
    state.isOver = true
    await watching
    await Promise.race([listening, sleep(LAST_WORDS_MS)])
    signal.throwIfAborted()
    const exitCode = exitCodeOf(answer)
    const { State: told } = await container.inspect()
    // Podman does not tell of a lack of memory: there it is what a kill by nobody is taken for.
    const isKilled = exitCode === EXIT_KILLED && state.stoppedFor === null
    const isOutOfMemory = (told.OOMKilled && exitCode !== 0) || (isKilled && engine.name === 'podman')
    const { stoppedFor } = state
    return { stoppedFor, isOutOfMemory, exitCode, executionMs, memoryPeakBytes: null, log: log.text() }
  } finally {
    state.isOver = true
    clearTimeout(timer)
    signal.removeEventListener('abort', kill)
    if ('destroy' in stream && typeof stream.destroy === 'function') stream.destroy()
  }
}

async function listen(stream: NodeJS.ReadableStream, log: BoundedLog): Promise<void> {
  try {
    await log.drain(demuxOutput(stream))
  } catch {
    // The engine hung up, or we did: what was heard is kept.
  }
}

async function watch(
  state: { stoppedFor: FinishedProgram['stoppedFor']; readonly isOver: boolean },
  area: OutputArea,
  kill: () => void,
): Promise<void> {
  while (!state.isOver) {
    await sleep(area.isHeldByKernel ? WATCH_MS : WATCH_MS / 2)
    if (!(await area.isFull())) continue
    state.stoppedFor ??= 'output_too_large'
    kill()
    return
  }
}

function exitCodeOf(answer: unknown): number | null {
  if (typeof answer !== 'object' || answer === null || !('StatusCode' in answer)) return null
  return typeof answer.StatusCode === 'number' ? answer.StatusCode : null
}
