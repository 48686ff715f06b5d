import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

import { StorageError } from '@subnetkit/core'

import { BoundedLog } from '../output-area/bounded-log.ts'

/** Descriptors of the started program: the filter of system calls, and bubblewrap's answers. */
export const bubblewrapFds = { seccomp: 3, status: 4 } as const

const WATCH_MS = 50
const environment = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }
// Moves itself into the control groups before it becomes the sandbox, so that nothing begins outside of them.
const enterGroups =
  'while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs" || exit 125; shift; done; shift; exec "$@"'

/** What is started, and until when. */
export interface RunBubblewrapParams {
  readonly command: readonly string[]
  readonly cgroups: readonly string[]
  /** File with the filter of system calls; null without one. */
  readonly seccompPath: string | null
  readonly timeLimitMs: number
  readonly logBytes: number
  /** Asked every 50 ms; true ends the run. */
  readonly isOutputFull: () => Promise<boolean>
  /** Ends all processes that are left when the program is over. */
  readonly endAll: () => Promise<void>
  readonly signal: AbortSignal
}

/** How it ended. `exitCode` is null when it was killed from outside. */
export interface BubblewrapEnd {
  readonly stoppedFor: 'timeout' | 'output_too_large' | null
  readonly exitCode: number | null
  readonly executionMs: number
  readonly log: string
}

/** Starts `bwrap`, and returns when it and everything in it are gone. */
export async function runBubblewrap(params: Readonly<RunBubblewrapParams>): Promise<BubblewrapEnd> {
  const { command, cgroups, seccompPath, signal } = params
  signal.throwIfAborted()
  const seccomp = seccompPath === null ? null : await open(seccompPath, 'r')
  const log = new BoundedLog(params.logBytes)
  const begin = performance.now()
  const child = spawn('/bin/sh', ['-c', enterGroups, 'sh', ...cgroups, '--', ...command], {
    env: environment,
    stdio: [
      'ignore',
      'pipe',
      'pipe',
      seccomp?.fd ?? 'ignore',
      'pipe',
      ...inheritedFds().map(() => 'ignore' as const),
    ],
  })
  const state: { stoppedFor: BubblewrapEnd['stoppedFor']; isOver: boolean } = {
    stoppedFor: null,
    isOver: false,
  }
  const kill = (): boolean => child.kill('SIGKILL')
  const timer = setTimeout(() => {
    state.stoppedFor ??= 'timeout'
    kill()
  }, params.timeLimitMs)
  signal.addEventListener('abort', kill, { once: true })
  const watching = watch(state, params.isOutputFull, kill)
  try {
    const [, status] = await Promise.all([
      drainInto(log, child.stdout),
      readAll(child.stdio[bubblewrapFds.status]),
      drainInto(log, child.stderr),
      ended(child, state),
    ])
    const executionMs = Math.round(performance.now() - begin)
    state.isOver = true
    await watching
    await Promise.all([params.endAll(), goneProcess(initPidOf(status))])
    signal.throwIfAborted()
    return { stoppedFor: state.stoppedFor, exitCode: exitCodeOf(status), executionMs, log: log.text() }
  } finally {
    state.isOver = true
    clearTimeout(timer)
    signal.removeEventListener('abort', kill)
    await seccomp?.close()
  }
}

function ended(child: ReturnType<typeof spawn>, state: { isOver: boolean }): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      state.isOver = true
      reject(new StorageError({ code: 'unavailable', message: 'bubblewrap cannot be started', cause }))
    })
    child.once('exit', () => {
      resolve()
    })
  })
}

async function watch(
  state: { stoppedFor: BubblewrapEnd['stoppedFor']; readonly isOver: boolean },
  isOutputFull: () => Promise<boolean>,
  kill: () => boolean,
): Promise<void> {
  while (!state.isOver) {
    await sleep(WATCH_MS)
    if (!(await isOutputFull()) || state.isOver) continue
    state.stoppedFor ??= 'output_too_large'
    kill()
    return
  }
}

async function drainInto(log: BoundedLog, stream: Readable | null): Promise<void> {
  if (stream !== null) await log.drain(stream)
}

async function readAll(stream: unknown): Promise<string> {
  let text = ''
  if (isReadable(stream)) for await (const chunk of stream) text += String(chunk)
  return text
}

function isReadable(stream: unknown): stream is Readable {
  return typeof stream === 'object' && stream !== null && Symbol.asyncIterator in stream
}

/** bubblewrap tells it only of a program that it really began. */
function exitCodeOf(status: string): number | null {
  const code = /"exit-code":\s*(\d+)/.exec(status)?.[1]
  return code === undefined ? null : Number(code)
}

function initPidOf(status: string): number | null {
  const pid = /"child-pid":\s*(\d+)/.exec(status)?.[1]
  return pid === undefined ? null : Number(pid)
}

/** Waits until the first process of the sandbox is gone; the kernel lets it go after all others of its namespace only. */
async function goneProcess(pid: number | null): Promise<void> {
  if (pid === null) return
  for (let attempt = 0; attempt < 1000; attempt++) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3)
    if (stat === '' || state === 'Z' || state === 'X' || !stat.includes('(bwrap)')) return
    await sleep(5)
  }
  throw new StorageError({ code: 'unavailable', message: `process ${pid} of a sandbox does not end` })
}

/** Descriptors that this process was given open and would hand on: each is replaced by /dev/null. */
function inheritedFds(): number[] {
  const first = bubblewrapFds.status + 1
  let highest = first - 1
  for (const name of readdirSync('/proc/self/fd')) {
    const fd = Number(name)
    if (fd > highest && !isClosedOnExec(fd)) highest = fd
  }
  return Array.from({ length: highest - first + 1 }, (_none, index) => first + index)
}

function isClosedOnExec(fd: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '0'
    return (Number.parseInt(flags, 8) & 0o2000000) !== 0
  } catch {
    return true
  }
}
