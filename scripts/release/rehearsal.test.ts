import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { entriesOf, publishedPackages, readManifest } from './packages.ts'
import { repository, runProgram } from './program.ts'
import { type Registry, startRegistry } from './registry.ts'

/** A release from its first step to a user's first import, in a copy of the repository, on a registry of our own. */

const notCopied = new Set(['node_modules', '.git', '.turbo', '.reports', '.pack', '.subnetkit', 'apps'])

let folder = ''
let copy = ''
let registry: Registry | null = null

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'subnetkit-rehearsal-'))
  copy = join(folder, 'repository')
  await cp(repository, copy, { recursive: true, filter: (path) => !notCopied.has(basename(path)) })
  await symlink(join(repository, 'node_modules'), join(copy, 'node_modules'))
  for (const name of publishedPackages.slice(1)) {
    const scope = join(copy, 'packages', name, 'node_modules/@subnetkit')
    await mkdir(scope, { recursive: true })
    await symlink('../../../core', join(scope, 'core'))
  }
  const notes = await readdir(join(copy, '.changeset'))
  if (!notes.some((file) => file.endsWith('.md') && file !== 'README.md')) {
    const lines = publishedPackages.map((name) => `'@subnetkit/${name}': patch`)
    await writeFile(join(copy, '.changeset/rehearsal.md'), `---\n${lines.join('\n')}\n---\n\nA rehearsal.\n`)
  }
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '--all')
  await git('commit', '--quiet', '--message=rehearsal')
  registry = await startRegistry(join(folder, 'registry'))
})

afterAll(async () => {
  await registry?.close()
  await rm(folder, { recursive: true, force: true })
})

async function git(...args: readonly string[]): Promise<void> {
  const env = {
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'rehearsal',
    GIT_AUTHOR_EMAIL: 'rehearsal@example.org',
    GIT_COMMITTER_NAME: 'rehearsal',
    GIT_COMMITTER_EMAIL: 'rehearsal@example.org',
  }
  await runProgram('git', args, { cwd: copy, env })
}

function changeset(...args: readonly string[]): Promise<string> {
  const bin = join(repository, 'node_modules/@changesets/cli/bin.js')
  const env: Record<string, string> = registry === null ? {} : registrySettings(registry)
  return runProgram(process.execPath, [bin, ...args], { cwd: copy, env })
}

function registrySettings({ url, npmrc }: Registry): Record<string, string> {
  return { npm_config_userconfig: npmrc, npm_config_registry: url }
}

function versionsIn(place: string): readonly string[] {
  return publishedPackages.map((name) => readManifest(join(place, 'packages', name)).version)
}

/** What the registry says of the newest version of a package. */
async function publishedManifest(name: string): Promise<unknown> {
  const answer = await fetch(`${registry?.url}@subnetkit%2f${name}`)
  const document: { 'dist-tags': { latest: string }; versions: Record<string, object> } = JSON.parse(
    await answer.text(),
  )
  return document.versions[document['dist-tags'].latest]
}

describe('a release', () => {
  it('versions the packages from their changesets, and leaves this tree alone', async () => {
    const before = versionsIn(repository)
    await changeset('version')
    expect(versionsIn(repository)).toEqual(before)
    const raised = publishedPackages.filter((_, index) => versionsIn(copy)[index] !== before[index])
    expect(raised).not.toEqual([])
    for (const name of raised) expect(existsSync(join(copy, 'packages', name, 'CHANGELOG.md'))).toBe(true)
    const left = await readdir(join(copy, '.changeset'))
    expect(left.filter((file) => file.endsWith('.md'))).toEqual(['README.md'])
  })

  it('publishes each package with real versions in its manifest', async () => {
    await git('add', '--all')
    await git('commit', '--quiet', '--message=versions')
    await changeset('publish', '--no-git-tag')
    const [version] = versionsIn(copy)
    for (const name of publishedPackages) {
      const manifest = await publishedManifest(name)
      expect(manifest).toMatchObject({ version: readManifest(join(copy, 'packages', name)).version })
      expect(JSON.stringify(manifest)).not.toMatch(/"(workspace|catalog):/)
    }
    for (const name of publishedPackages.slice(1)) {
      const peerDependencies = { '@subnetkit/core': `^${version}` }
      expect(await publishedManifest(name)).toMatchObject({ peerDependencies })
    }
  })

  it('installs into an empty project, where each entry loads', async () => {
    if (registry === null) throw new Error('no registry')
    const project = join(folder, 'project')
    await mkdir(project)
    const dependencies = Object.fromEntries(
      publishedPackages.map((name) => [
        `@subnetkit/${name}`,
        readManifest(join(copy, 'packages', name)).version,
      ]),
    )
    const peers = readManifest(join(repository, 'packages/core')).peerDependencies ?? {}
    await writeFile(
      join(project, 'package.json'),
      JSON.stringify({
        name: 'project',
        private: true,
        type: 'module',
        dependencies: { ...peers, ...dependencies },
      }),
    )
    const scoped = await readFile(registry.npmrc, 'utf8')
    await writeFile(join(project, '.npmrc'), scoped)
    await runProgram('pnpm', ['install', '--prefer-offline', '--no-frozen-lockfile'], { cwd: project })
    const entries = publishedPackages.flatMap((name) => entriesOf(readManifest(join(copy, 'packages', name))))
    await writeFile(
      join(project, 'smoke.js'),
      `for (const entry of ${JSON.stringify(entries.filter((entry) => !entry.endsWith('/contracts')))}) {
         const names = Object.keys(await import(entry))
         console.log(entry, names.length)
       }`,
    )
    const output = await runProgram(process.execPath, ['smoke.js'], { cwd: project })
    expect(output).toMatch(/^@subnetkit\/core [1-9]/m)
  })
})
