/** Numbers of system calls per architecture: x64, arm64; null where there is none. */
type CallNumbers = readonly [x64: number | null, arm64: number | null]

const architectures = {
  x64: { audit: 0xc000003e, column: 0 },
  arm64: { audit: 0xc00000b7, column: 1 },
} as const

// What a submission never needs, and what reaches other processes, mounts, keys or the kernel's rarely tried corners.
const denied: Readonly<Record<string, CallNumbers>> = {
  acct: [163, 89],
  add_key: [248, 217],
  adjtimex: [159, 171],
  bpf: [321, 280],
  chroot: [161, 51],
  clock_adjtime: [305, 266],
  clock_settime: [227, 112],
  delete_module: [176, 106],
  fanotify_init: [300, 262],
  finit_module: [313, 273],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fsopen: [430, 430],
  fspick: [433, 433],
  init_module: [175, 105],
  ioperm: [173, null],
  iopl: [172, null],
  kcmp: [312, 272],
  kexec_file_load: [320, 294],
  kexec_load: [246, 104],
  keyctl: [250, 219],
  lookup_dcookie: [212, 18],
  mount: [165, 40],
  mount_setattr: [442, 442],
  move_mount: [429, 429],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  open_tree: [428, 428],
  perf_event_open: [298, 241],
  pidfd_getfd: [438, 438],
  pivot_root: [155, 41],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  ptrace: [101, 117],
  quotactl: [179, 60],
  reboot: [169, 142],
  request_key: [249, 218],
  setdomainname: [171, 162],
  sethostname: [170, 161],
  setns: [308, 268],
  settimeofday: [164, 170],
  swapoff: [168, 225],
  swapon: [167, 224],
  syslog: [103, 116],
  umount2: [166, 39],
  unshare: [272, 97],
  userfaultfd: [323, 282],
}
// Programs try these and know a way without them.
const missing: Readonly<Record<string, CallNumbers>> = {
  clone3: [435, 435],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  io_uring_setup: [425, 425],
}
const clone: CallNumbers = [56, 220]
const socket: CallNumbers = [41, 198]
/** CLONE_NEWNS, CGROUP, UTS, IPC, USER, PID, NET. */
const newNamespaces = 0x7e020000
/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK; others, such as AF_VSOCK, know no network namespaces. */
const socketFamilies = [1, 2, 10, 16]

const load = { number: 0, architecture: 4, firstArgument: 16 }
const code = { load: 0x20, isEqual: 0x15, isAtLeast: 0x35, hasBits: 0x45, answer: 0x06 }
const allow = 0x7fff0000
const kill = 0x80000000
const fail = (errno: number): number => 0x00050000 + errno
const EPERM = 1
const ENOSYS = 38
/** Numbers from here on are the 32-bit calls of x64. */
const X32 = 0x40000000

type Step = readonly [code: number, ifTrue: number, ifFalse: number, value: number]

/**
 * The filter of system calls that bubblewrap loads, as the kernel's BPF program: a second fence behind namespaces and
 * dropped capabilities. Null for an architecture that it does not know.
 */
export function seccompFilter(architecture: string): Buffer | null {
  if (architecture !== 'x64' && architecture !== 'arm64') return null
  const { audit, column } = architectures[architecture]
  const steps: Step[] = [
    [code.load, 0, 0, load.architecture],
    [code.isEqual, 1, 0, audit],
    [code.answer, 0, 0, kill],
    [code.load, 0, 0, load.number],
    [code.isAtLeast, 0, 1, X32],
    [code.answer, 0, 0, fail(EPERM)],
  ]
  for (const [calls, errno] of [
    [denied, EPERM],
    [missing, ENOSYS],
  ] as const) {
    for (const numbers of Object.values(calls)) {
      const number = numbers[column]
      if (number !== null) steps.push([code.isEqual, 0, 1, number], [code.answer, 0, 0, fail(errno)])
    }
  }
  steps.push(
    [code.isEqual, 0, 4, clone[column] ?? 0],
    [code.load, 0, 0, load.firstArgument],
    [code.hasBits, 0, 1, newNamespaces],
    [code.answer, 0, 0, fail(EPERM)],
    [code.answer, 0, 0, allow],
    [code.isEqual, 0, 2 + socketFamilies.length, socket[column] ?? 0],
    [code.load, 0, 0, load.firstArgument],
    ...socketFamilies.map((family, index): Step => [code.isEqual, socketFamilies.length - index, 0, family]),
    [code.answer, 0, 0, fail(EPERM)],
    [code.answer, 0, 0, allow],
  )
  return Buffer.concat(steps.map((step) => encode(step)))
}

/** `struct sock_filter` in the byte order of both architectures. */
function encode([operation, ifTrue, ifFalse, value]: Step): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt16LE(operation, 0)
  bytes.writeUInt8(ifTrue, 2)
  bytes.writeUInt8(ifFalse, 3)
  bytes.writeUInt32LE(value, 4)
  return bytes
}
