import { spawn } from 'node:child_process'

import { childEnvironment, root } from '../turbo-run.mjs'

/** The folder that holds the repository. */
export const repository: string = root

/** What {@link runProgram} is told. */
export interface ProgramOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

/**
 * Runs a program to its end and returns what it wrote on stdout. Fails with everything it wrote when its exit code is
 * not 0.
 */
export function runProgram(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: ProgramOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...cleanEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let everything = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
      everything += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      everything += chunk.toString()
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) resolve(stdout)
      else reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}:\n${everything}`))
    })
  })
}

/** The environment of a user's shell: without what vitest, turbo and npm added to this one. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const added =
    /^(VITEST|TURBO_HASH|NODE_ENV$|NODE_PATH$|FORCE_COLOR$|INIT_CWD$|TEST$|DEV$|PROD$|MODE$|SSR$|BASE_URL$)/
  const kept = Object.entries(childEnvironment(process.env)).filter(([name]) => !added.test(name))
  return { ...Object.fromEntries(kept), NO_COLOR: '1', CI: 'true' }
}
