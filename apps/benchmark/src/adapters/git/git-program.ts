import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { access, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { InputError } from '@subnetkit/core'

/** How a git process ended, with what it said; both outputs are cut at {@link MAX_TEXT_BYTES}. */
export interface GitEnd {
  /** Null when it was killed. */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** One start of git. */
export interface GitRunParams {
  readonly args: readonly string[]
  /** Settings that come before the command, `name=value`. */
  readonly settings?: readonly string[]
  readonly signal: AbortSignal
  /** Written to its standard input, which is closed after it. */
  readonly input?: string
  /** Receives standard output instead of the answer; a rejection kills the process and is thrown. */
  readonly onOutput?: (chunk: Buffer) => void | Promise<void>
}

/** Git, started with nothing of this machine's or this user's settings. */
export interface GitProgram {
  readonly version: string
  /** @param scratch a folder of its own, which becomes git's home; nothing else is read for settings. */
  run(scratch: string, params: Readonly<GitRunParams>): Promise<GitEnd>
}

const MAX_TEXT_BYTES = 64 * 1024
/** Of one git process; a repository's objects cannot make it grow beyond. */
const MEMORY_KIB = 3 * 1024 * 1024
/** The largest file that git may write, in blocks of 512 bytes: 2 GiB, above every limit of a clone. */
const FILE_BLOCKS = 4 * 1024 * 1024
const PATH = '/usr/local/bin:/usr/bin:/bin'
const PLACES = ['/usr/bin/git', '/usr/local/bin/git', '/opt/homebrew/bin/git', '/bin/git']
/** `http.curloptResolve` came with 2.37, and fixes of what a clone may run with 2.38. */
const OLDEST = [2, 38] as const

/**
 * Finds git once, by its absolute path, and checks its version.
 *
 * @throws InputError with the way out when it is missing or too old.
 */
export async function findGit(isLocalAllowed: boolean): Promise<GitProgram> {
  const path = await firstExecutable(PLACES)
  if (path === null) {
    throw new InputError({
      field: 'git',
      problem: `is at none of ${PLACES.join(', ')}`,
      hint: 'install it, for example with apt-get install git',
    })
  }
  const { stdout } = await start(path, ['--version'], {}, { signal: AbortSignal.timeout(30_000) })
  const [, version = '', major = '0', minor = '0'] = /^git version ((\d+)\.(\d+)\S*)/.exec(stdout) ?? []
  const isNew = Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1])
  if (!isNew) {
    throw new InputError({
      field: 'git',
      value: stdout.trim(),
      problem: `at ${path} is too old`,
      hint: `install ${OLDEST.join('.')} or later`,
    })
  }
  return {
    version,
    run: async (scratch, params) => {
      await writeSettings(scratch)
      const args = [...fixedSettings(isLocalAllowed), ...(params.settings ?? [])].flatMap((text) => [
        '-c',
        text,
      ])
      return start(path, [...args, ...params.args], environmentOf(scratch, isLocalAllowed), params)
    },
  }
}

async function firstExecutable(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return path
  }
  return null
}

/** No hooks, filters, helpers, prompts, redirects or tasks of its own; objects are checked as they arrive. */
function fixedSettings(isLocalAllowed: boolean): string[] {
  return [
    'protocol.allow=never',
    'protocol.https.allow=always',
    ...(isLocalAllowed ? ['protocol.file.allow=always'] : []),
    'core.hooksPath=/dev/null',
    'core.fsmonitor=false',
    'core.symlinks=false',
    'core.attributesFile=/dev/null',
    'core.askPass=',
    'core.packedGitWindowSize=32m',
    'core.packedGitLimit=256m',
    'core.deltaBaseCacheLimit=64m',
    'credential.helper=',
    'http.followRedirects=false',
    'http.lowSpeedLimit=1000',
    'http.lowSpeedTime=30',
    'fetch.fsckObjects=true',
    'fetch.unpackLimit=1',
    'fetch.recurseSubmodules=false',
    'submodule.recurse=false',
    'gc.auto=0',
    'maintenance.auto=false',
    'pack.threads=1',
    'advice.detachedHead=false',
  ]
}

function environmentOf(scratch: string, isLocalAllowed: boolean): Record<string, string> {
  return {
    PATH,
    LC_ALL: 'C',
    HOME: homeOf(scratch),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: join(homeOf(scratch), 'settings'),
    GIT_ATTR_NOSYSTEM: '1',
    GIT_ALLOW_PROTOCOL: isLocalAllowed ? 'https:file' : 'https',
    GIT_PROTOCOL_FROM_USER: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_SSH_COMMAND: '/bin/false',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LFS_SKIP_SMUDGE: '1',
  }
}

function homeOf(scratch: string): string {
  return join(scratch, 'home')
}

/** A local repository may belong to another user; it is only ever read. */
async function writeSettings(scratch: string): Promise<void> {
  await mkdir(homeOf(scratch), { recursive: true })
  await writeFile(join(homeOf(scratch), 'settings'), '[safe]\n\tdirectory = *\n')
}

/** The shell sets the limits and becomes git; nothing of the arguments passes through its grammar. */
const LIMITED = `ulimit -v ${MEMORY_KIB} 2>/dev/null; ulimit -f ${FILE_BLOCKS} 2>/dev/null; ulimit -c 0; exec "$0" "$@"`

async function start(
  path: string,
  args: readonly string[],
  env: Record<string, string>,
  params: Readonly<Omit<GitRunParams, 'args' | 'settings'>>,
): Promise<GitEnd> {
  params.signal.throwIfAborted()
  const child = spawn('/bin/sh', ['-c', LIMITED, path, ...args], {
    cwd: '/',
    env,
    detached: true,
    stdio: 'pipe',
  })
  // Git starts others (git-remote-https, index-pack): the whole group ends with it.
  const kill = (): void => {
    if (child.pid === undefined || isClosed) return
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch {
      // The group is gone already.
    }
  }
  params.signal.addEventListener('abort', kill)
  child.stdin.on('error', () => {}) // It ended without reading everything; its exit code tells.
  child.stdin.end(params.input ?? '')
  let isClosed = false
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      isClosed = true
      resolve(code)
    })
  })
  ended.catch(() => {}) // Awaited below; a failing reader must not leave it unhandled.
  const stderr = boundedText(child.stderr)
  try {
    const stdout =
      params.onOutput === undefined ? boundedText(child.stdout) : feed(child.stdout, params.onOutput)
    const texts = await Promise.all([stdout, stderr])
    const exitCode = await ended
    params.signal.throwIfAborted()
    return { exitCode, stdout: texts[0], stderr: texts[1] }
  } finally {
    params.signal.removeEventListener('abort', kill)
    kill()
    await ended.catch(() => null)
  }
}

async function boundedText(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream) {
    if (bytes < MAX_TEXT_BYTES) chunks.push(chunk)
    bytes += chunk.length
  }
  return Buffer.concat(chunks).subarray(0, MAX_TEXT_BYTES).toString('utf8')
}

async function feed(
  stream: AsyncIterable<Buffer>,
  onOutput: (chunk: Buffer) => void | Promise<void>,
): Promise<string> {
  for await (const chunk of stream) await onOutput(chunk)
  return ''
}
