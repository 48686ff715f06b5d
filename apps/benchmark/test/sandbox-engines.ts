import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { silentLogger } from '@subnetkit/core'

import { openSandbox, type SandboxKind } from '../src/adapters/open-sandbox.ts'
import type { Sandbox } from '../src/ports/sandbox.ts'

/** A kind of sandbox that the suites run on. */
export interface SandboxUnderTest {
  readonly name: 'bubblewrap' | 'podman' | 'docker'
  /** Of `openSandbox`. */
  readonly kind: SandboxKind
  /** What a skipped suite says that it needs. */
  readonly need: string
  readonly isThere: boolean
}

/** A sandbox of a test file's own, and the engine under it. */
export interface StartedSandbox {
  readonly sandbox: Sandbox
  /** What another process needs to open the same one. */
  readonly opening: {
    readonly kind: SandboxKind
    readonly folder: string
    readonly dockerHost: string | null
  }
  /** A folder for the tests, on a disk. */
  readonly place: string
  close(): Promise<void>
}

const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']
const has = (program: string): boolean => folders.some((folder) => existsSync(join(folder, program)))
const isRoot = process.getuid?.() === 0
const isSoak = process.env['SUBNETKIT_SOAK'] === '1'

/** bubblewrap and Podman where they are installed; Docker's own daemon too in the soak, since it is the same client. */
export const sandboxesUnderTest: readonly SandboxUnderTest[] = [
  { name: 'bubblewrap', kind: 'bubblewrap', need: 'bubblewrap', isThere: has('bwrap') },
  { name: 'podman', kind: 'container', need: 'podman', isThere: isRoot && has('podman') && has('runc') },
  ...(isSoak
    ? [{ name: 'docker', kind: 'container', need: 'dockerd', isThere: isRoot && has('dockerd') } as const]
    : []),
]

/**
 * Starts what the sandbox needs in a folder of its own under `parent`, and opens it. Without `isPrepared` a base image is
 * made when the first image is built from it.
 */
export async function startSandbox(
  under: SandboxUnderTest,
  parent: string,
  isPrepared = true,
): Promise<StartedSandbox> {
  const place = await mkdtemp(join(parent, 'subnetkit-sandbox-'))
  const engine = under.kind === 'container' ? await startEngine(under.name, place) : null
  const opening = { kind: under.kind, folder: join(place, 'data'), dockerHost: engine?.dockerHost ?? null }
  const signal = new AbortController().signal
  const close = async (): Promise<void> => {
    await engine?.stop()
    await rm(place, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const sandbox = await openSandbox({ ...opening, log: silentLogger, signal })
    if (isPrepared) await sandbox.prepareBaseImages(signal)
    return { sandbox, opening, place, close }
  } catch (error) {
    await close()
    throw error
  }
}

interface Engine {
  readonly dockerHost: string
  stop(): Promise<void>
}

/** An engine of one's own: other containers of this machine are not seen, and it needs no right to raise limits. */
async function startEngine(name: string, place: string): Promise<Engine> {
  const folder = join(place, 'engine')
  await mkdir(folder)
  const socket = join(folder, 'engine.sock')
  const dockerHost = `unix://${socket}`
  const child = name === 'podman' ? await startPodman(folder, dockerHost) : startDocker(folder, dockerHost)
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said = (said + String(chunk)).slice(-4000)
  })
  for (let attempt = 0; attempt < 600; attempt++) {
    const isThere = await access(socket).then(
      () => true,
      () => false,
    )
    if (isThere) return { dockerHost, stop: () => stopEngine(child, folder) }
    if (child.exitCode !== null) break
    await sleep(50)
  }
  child.kill('SIGKILL')
  throw new Error(`${name} did not start: ${said}`)
}

async function startPodman(folder: string, host: string): Promise<ChildProcess> {
  const containers = join(folder, 'containers.conf')
  const storage = join(folder, 'storage.conf')
  await writeFile(
    containers,
    [
      '[containers]',
      'default_ulimits=["nofile=1024:1024","nproc=4096:4096"]',
      'netns="none"',
      '[engine]',
      'runtime="runc"',
      'cgroup_manager="cgroupfs"',
      'events_logger="file"',
    ].join('\n'),
  )
  await writeFile(
    storage,
    ['[storage]', 'driver="overlay"', `graphroot="${folder}/root"`, `runroot="${folder}/run"`].join('\n'),
  )
  const env = { ...process.env, CONTAINERS_CONF: containers, CONTAINERS_STORAGE_CONF: storage }
  return spawn('podman', ['system', 'service', '--time=0', host], {
    env,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

function startDocker(folder: string, host: string): ChildProcess {
  const state = [
    '--data-root',
    `${folder}/root`,
    '--exec-root',
    `${folder}/exec`,
    '--pidfile',
    `${folder}/pid`,
  ]
  const bare = ['--iptables=false', '--bridge=none']
  return spawn('dockerd', ['-H', host, ...state, ...bare], { stdio: ['ignore', 'ignore', 'pipe'] })
}

async function stopEngine(child: ChildProcess, folder: string): Promise<void> {
  child.kill('SIGTERM')
  for (let attempt = 0; attempt < 200 && child.exitCode === null && child.signalCode === null; attempt++) {
    await sleep(50)
  }
  child.kill('SIGKILL')
  await sleep(50)
  await unmountUnder(folder)
}

/** What an engine mounts for its storage stays when it ends. */
async function unmountUnder(folder: string): Promise<void> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8'))
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
  for (const mount of mounts.filter((path) => path.startsWith(folder)).reverse()) {
    await new Promise((resolve) => {
      spawn('umount', ['--lazy', mount], { stdio: 'ignore' }).once('exit', resolve)
    })
  }
}
