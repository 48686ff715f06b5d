import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Sandbox, SandboxLimits } from '../../ports/sandbox.ts'

const EXIT_CODE = 7
const FILE = 'proof'
const limits: SandboxLimits = {
  memoryBytes: 268_435_456,
  cpus: 1,
  pids: 64,
  fileBytes: 65_536,
  outputBytes: 65_536,
  tmpBytes: 65_536,
  timeLimitMs: 60_000,
  logBytes: 4096,
}

/** What a first program told. */
export interface SandboxProof {
  /** Null when it ran as it should, its output aside. */
  readonly problem: string | null
  /** Whether what it wrote arrived. */
  readonly hasOutput: boolean
}

/**
 * Builds and runs a program of one line in a sandbox that has its base images: what kernel and engine refuse shows here and
 * not in the middle of a week.
 */
export async function proveSandbox(sandbox: Sandbox, signal: AbortSignal): Promise<SandboxProof> {
  const place = await mkdtemp(join(tmpdir(), 'subnetkit-proof-'))
  const image = `subnetkit-proof/p${process.pid}:1`
  const program = `fs.writeFileSync('/data/output/${FILE}', ''); process.exitCode = ${EXIT_CODE}`
  const lines = ['FROM subnetkit/node:1', `ENTRYPOINT ${JSON.stringify(['node', '-e', program])}`]
  try {
    for (const name of ['tree', 'input', 'output']) await mkdir(join(place, name))
    await writeFile(join(place, 'tree', 'Dockerfile'), lines.join('\n'))
    const built = await sandbox.buildImage({ tree: join(place, 'tree'), image, timeLimitMs: 60_000, signal })
    if (!built.isBuilt) return { problem: `a first image was not built: ${built.reason}`, hasOutput: false }
    const { end, exitCode, log, files } = await sandbox.run({
      image,
      name: `subnetkit-proof-${process.pid}`,
      inputFolder: join(place, 'input'),
      outputFolder: join(place, 'output'),
      environment: {},
      limits,
      isGpuWanted: false,
      signal,
    })
    const hasOutput = files.includes(FILE)
    // Exit code 1 is what Node says when it could not write, which is about the output alone.
    if (exitCode === EXIT_CODE || (exitCode === 1 && /EACCES|EROFS|EPERM/.test(log))) {
      return { problem: null, hasOutput }
    }
    const told = `${end} ${exitCode ?? ''} ${log.slice(-500)}`.trim()
    return { problem: `Node does not run in the ${sandbox.name} sandbox: ${told}`, hasOutput }
  } finally {
    await sandbox.removeImage(image)
    await rm(place, { recursive: true, force: true })
  }
}
