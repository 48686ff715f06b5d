import { createHash } from 'node:crypto'
import { readdirSync, realpathSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Programs that suites use when they are there. Finding one, or another version of it, is another machine. */
const programs = ['java', 'chromium', 'bwrap', 'podman', 'docker', 'dockerd', 'redis-server']

/** Sockets that tell a running container engine. */
const sockets = ['/var/run/docker.sock', '/run/podman/podman.sock']

/** Variables that lead to such programs and data; the addresses of servers stand in the turbo.json of the package that reads them. */
const variables = ['JAVA_HOME', 'DOCKER_HOST', 'SUBNETKIT_SAMPLE_DATA']

/**
 * What a check may find on this machine, as one short text: part of each task's cache key, so that a pass on one
 * machine is never replayed on another. It looks at files only and starts no program, since it runs before each run.
 * @param {Readonly<NodeJS.ProcessEnv>} env
 * @returns {string} readable facts, hashed where they are long
 */
export function machineFingerprint(env) {
  const facts = [
    `${process.version} ${process.platform} ${process.arch}`,
    ...programs.map((name) => `${name}=${describeFile(findOnPath(name, env['PATH'] ?? ''))}`),
    ...sockets.map((path) => `${path}=${describeFile(path) === 'none' ? 'none' : 'there'}`),
    ...variables.map((name) => `${name}=${env[name] ?? ''}`),
    `sample data=${describeFolder(env['SUBNETKIT_SAMPLE_DATA'])}`,
  ]
  return createHash('sha256').update(facts.join('\n')).digest('hex')
}

/**
 * @param {string} name
 * @param {string} path
 * @returns {string | undefined}
 */
function findOnPath(name, path) {
  return path
    .split(delimiter)
    .filter((folder) => folder !== '' && !folder.includes('node_modules'))
    .map((folder) => join(folder, name))
    .find((file) => describeFile(file) !== 'none')
}

/**
 * @param {string | undefined} file
 * @returns {string}
 */
function describeFile(file) {
  if (file === undefined) return 'none'
  try {
    const real = realpathSync(file)
    const { size, mtimeMs } = statSync(real)
    return `${real} ${size} ${mtimeMs}`
  } catch {
    return 'none'
  }
}

/**
 * @param {string | undefined} folder
 * @returns {string}
 */
function describeFolder(folder) {
  if (folder === undefined || folder === '') return 'none'
  try {
    return readdirSync(folder)
      .sort()
      .map((name) => describeFile(join(folder, name)))
      .join(';')
  } catch {
    return 'none'
  }
}
