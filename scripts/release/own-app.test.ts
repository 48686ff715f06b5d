import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { entriesOf, publishedPackages, readManifest, tarballOf } from './packages.ts'
import { repository, runProgram } from './program.ts'

/** `examples/own-app` as its owner would have it: outside this repository, on the packed packages. */

const notCopied = new Set(['node_modules', 'dist', 'data'])

let folder = ''
let app = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'subnetkit-own-app-'))
  app = join(folder, 'own-app')
  const source = join(repository, 'examples/own-app')
  await cp(source, app, { recursive: true, filter: (path) => !notCopied.has(basename(path)) })
  const { dependencies, devDependencies, ...rest } = readManifest(source)
  const { peerDependencies } = readManifest(join(repository, 'packages/core'))
  const tarballs: Record<string, string> = {}
  await mkdir(join(folder, 'tarballs'))
  for (const name of publishedPackages) {
    const tarball = join(folder, 'tarballs', `${name}.tgz`)
    await cp(tarballOf(name), tarball)
    tarballs[`@subnetkit/${name}`] = `file:${tarball}`
  }
  const manifest = {
    ...rest,
    dependencies: { ...dependencies, ...tarballs },
    devDependencies: { ...peerDependencies, ...devDependencies },
  }
  await writeFile(join(app, 'package.json'), JSON.stringify(manifest, null, 2))
  await pnpm('install', '--prefer-offline', '--no-frozen-lockfile')
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 })
})

function pnpm(...args: readonly string[]): Promise<string> {
  return runProgram('pnpm', args, { cwd: app })
}

describe('the packed packages', () => {
  it('come with types that hold without skipLibCheck, at every entry', async () => {
    const entries = publishedPackages.flatMap((name) =>
      entriesOf(readManifest(join(repository, 'packages', name))),
    )
    const lines = entries.map((entry, index) => `import * as entry${index} from '${entry}'`)
    const names = entries.map((_, index) => `entry${index}`)
    await writeFile(
      join(app, 'src/entries.ts'),
      `${lines.join('\n')}\nexport const entries = [${names.join(', ')}]\n`,
    )
    try {
      await expect(pnpm('run', 'typecheck')).resolves.toContain('tsc')
    } finally {
      await rm(join(app, 'src/entries.ts'))
    }
  })

  it('ship what they need and none of their tests', async () => {
    for (const name of publishedPackages) {
      const listing = await runProgram('tar', ['-tzf', tarballOf(name)], { cwd: folder })
      const files = listing.trim().split('\n')
      expect(files).toContain('package/package.json')
      expect(files.filter((file) => /\.test\.|\/test\/|\/bench\//.test(file))).toEqual([])
    }
  })
})

describe('your own app', () => {
  it('compiles', async () => {
    // Its types were checked above.
    await pnpm('run', 'build', '--noCheck')
    expect(await readFile(join(app, 'dist/main.js'), 'utf8')).toContain('recordProbes')
  })

  it('passes its own contract suites on the embedded engines', async () => {
    expect(await pnpm('run', 'test')).toMatch(/Tests +10 passed/)
  })

  it('runs, and finds its data again', async () => {
    const first = await runProgram(process.execPath, ['dist/main.js', 'finney', './data'], { cwd: app })
    expect(first.split('\n').slice(0, 2)).toEqual([
      'uid 0: 5 of 5 answered, median 10 ms',
      'uid 1: 5 of 5 answered, median 20 ms',
    ])
    expect(first).toContain('uid 3: 0 of 5 answered, median – ms')
    expect(await runProgram(process.execPath, ['dist/main.js', 'finney', './data'], { cwd: app })).toContain(
      'uid 3',
    )
  })
})
