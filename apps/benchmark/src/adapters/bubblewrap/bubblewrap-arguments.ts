import type { BasePart } from '../base-image/base-image.ts'
import { sandboxUserId } from '../output-area/output-area.ts'

/** What bubblewrap is told. */
export interface BubblewrapParams {
  /** Becomes `/`; has a place for everything that is mounted in it. */
  readonly root: string
  readonly parts: readonly BasePart[]
  readonly inputFolder: string
  readonly outputFolder: string
  readonly tmpBytes: number
  readonly environment: Readonly<Record<string, string>>
  readonly workFolder: string
  readonly command: readonly string[]
  /** File descriptors: the filter of system calls, and where bubblewrap tells what became of the program. */
  readonly seccompFd: number | null
  readonly statusFd: number
  /** Path of `setpriv` in the sandbox when root starts it; null for a user, who gets a user namespace. */
  readonly setpriv: string | null
}

const user = `${sandboxUserId}`

/**
 * The arguments of `bwrap`. Root needs no user namespace: the mounts are root's, and `setpriv` turns the program into
 * nobody before it begins, so that nobody's number holds for the host's kernel too.
 */
export function bubblewrapArguments(params: Readonly<BubblewrapParams>): string[] {
  const { setpriv, seccompFd } = params
  const privileges =
    setpriv === null
      ? ['--unshare-user', '--disable-userns', '--uid', user, '--gid', user]
      : ['CAP_SETUID', 'CAP_SETGID', 'CAP_SETPCAP'].flatMap((capability) => ['--cap-add', capability])
  return [
    ['--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--unshare-cgroup-try'],
    ['--die-with-parent', '--new-session', '--clearenv', '--hostname', 'sandbox', '--cap-drop', 'ALL'],
    privileges,
    ['--ro-bind', params.root, '/'],
    params.parts.flatMap(({ source, path }) => ['--ro-bind', source, path]),
    ['--proc', '/proc', '--dev', '/dev', '--remount-ro', '/dev'],
    ['--perms', '1777', '--size', `${params.tmpBytes}`, '--tmpfs', '/tmp'],
    ['--ro-bind', params.inputFolder, '/data/input', '--bind', params.outputFolder, '/data/output'],
    Object.entries(params.environment).flatMap(([name, value]) => ['--setenv', name, value]),
    ['--chdir', params.workFolder, '--json-status-fd', `${params.statusFd}`],
    seccompFd === null ? [] : ['--seccomp', `${seccompFd}`],
    ['--'],
    setpriv === null ? [] : [setpriv, ...dropArguments],
    params.command,
  ].flat()
}

const dropArguments = [
  ['--reuid', user, '--regid', user, '--clear-groups', '--no-new-privs'],
  ['--inh-caps=-all', '--ambient-caps=-all', '--bounding-set=-all'],
].flat()
