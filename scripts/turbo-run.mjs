import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

import { machineFingerprint } from './machine-fingerprint.mjs'

/** The repository's root folder, with a slash at its end removed. */
export const root = join(import.meta.dirname, '..')

const stampFile = join(root, 'node_modules/.subnetkit-installed')

/** What of npm's own settings must survive: where packages come from, and how to reach it. */
const keptNpmSettings = new Set([
  'npm_config_registry',
  'npm_config_proxy',
  'npm_config_https_proxy',
  'npm_config_noproxy',
  'npm_config_cafile',
])

/**
 * The environment without what `npm run` adds to it (pnpm would warn about it, and the hash of tasks would move), with
 * telemetry off and the installed bins first on PATH, where turbo looks for pnpm.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function childEnvironment(env) {
  const kept = Object.entries(env).filter(([name]) => {
    const lower = name.toLowerCase()
    return !lower.startsWith('npm_') || keptNpmSettings.has(lower)
  })
  const bins = join(root, 'node_modules/.bin')
  return {
    ...Object.fromEntries(kept),
    PATH: [bins, ...(env['PATH'] ?? '').split(delimiter).filter((entry) => entry !== bins)].join(delimiter),
    DO_NOT_TRACK: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  }
}

/**
 * Runs a program to its end with this process's terminal; a signal that ends us ends it too.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env: NodeJS.ProcessEnv, stdout?: 'inherit' | 'ignore' }} options
 * @returns {Promise<number>} its exit code; 128 and more when a signal ended it
 */
export function run(command, args, { env, stdout = 'inherit' }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['inherit', stdout, 'inherit'] })
    const forward = () => child.kill('SIGTERM')
    const ignore = () => {} // Ctrl-C reaches the whole group; the child decides how to end
    process.on('SIGTERM', forward).on('SIGINT', ignore)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      process.off('SIGTERM', forward).off('SIGINT', ignore)
      resolve(signal === null ? (code ?? 1) : signal === 'SIGINT' ? 130 : 143)
    })
  })
}

/**
 * Makes node_modules fit the lock file, this Node.js and this platform; installs only if it does not.
 * @returns {Promise<number>} 0, or the exit code of the installation that failed
 */
async function ensureInstalled() {
  const lock = readFileSync(join(root, 'pnpm-lock.yaml'))
  const key = [process.version, process.platform, process.arch].join(' ')
  const stamp = createHash('sha256').update(lock).update(key).digest('hex')
  if (readIfThere(stampFile) === stamp) return 0
  /** @type {{ packageManager: string }} */
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  process.stderr.write(`Installing dependencies with ${manifest.packageManager} (${key}) …\n`)
  const args = [
    '-y',
    manifest.packageManager,
    'install',
    '--frozen-lockfile',
    '--config.confirmModulesPurge=false',
  ]
  const code = await run('npx', args, { env: childEnvironment(process.env), stdout: 'inherit' })
  if (code !== 0) return code
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(stampFile, stamp)
  return 0
}

/**
 * Installs if needed, then `turbo run` with these arguments.
 * @param {readonly string[]} args
 * @param {Record<string, string>} [extraEnv]
 * @returns {Promise<number>} turbo's exit code
 */
export async function turboRun(args, extraEnv = {}) {
  const installed = await ensureInstalled()
  if (installed !== 0) return installed
  const env = {
    ...childEnvironment(process.env),
    SUBNETKIT_MACHINE: machineFingerprint(process.env),
    ...extraEnv,
  }
  return run(process.execPath, [join(root, 'node_modules/turbo/bin/turbo'), 'run', ...args], { env })
}

/**
 * @param {string} file
 * @returns {string | null}
 */
function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
