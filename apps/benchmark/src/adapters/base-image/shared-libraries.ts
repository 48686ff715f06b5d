import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * The shared libraries that the loader would take for programs and libraries of this machine, the loader among them, as
 * `ldd` (part of the C library's own package) tells. A static program has none.
 *
 * `ldd` runs the loader on the file, so hand it only what this machine trusts anyway.
 */
export async function sharedLibraries(files: readonly string[], signal?: AbortSignal): Promise<string[]> {
  const found = new Set<string>()
  for (const file of files) {
    for (const library of parseLdd(await lddOf(file, signal))) found.add(library)
  }
  return [...found].sort()
}

async function lddOf(file: string, signal: AbortSignal | undefined): Promise<string> {
  const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C' }
  try {
    const { stdout } = await run('ldd', [file], { env: environment, ...(signal ? { signal } : {}) })
    return stdout
  } catch (error) {
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : ''
    if (stderr.includes('not a dynamic executable')) return ''
    throw error
  }
}

/** Paths out of lines such as `libm.so.6 => /lib/libm.so.6 (0x…)` and `/lib64/ld-linux-x86-64.so.2 (0x…)`. */
export function parseLdd(text: string): string[] {
  const paths: string[] = []
  for (const line of text.split('\n')) {
    const path = /^\s*(?:\S+ => )?(\/.+?) \(0x[0-9a-f]+\)$/.exec(line)?.[1]
    if (path !== undefined) paths.push(path)
  }
  return paths
}
