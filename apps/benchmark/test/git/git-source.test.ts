import { createCipheriv } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { silentLogger } from '@subnetkit/core'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { openGitSource } from '../../src/adapters/git/open-git-source.ts'
import type { CloneLimits, CloneResult, RepositorySource } from '../../src/ports/repository-source.ts'
import { FixtureRepository } from './fixture-repository.ts'

const limits: CloneLimits = {
  totalBytes: 1_000_000,
  fileBytes: 200_000,
  files: 50,
  timeLimitMs: 60_000,
}
const dockerfile = { path: 'Dockerfile', content: 'FROM subnetkit/node:1\n' }
const never = new AbortController().signal

let repository: FixtureRepository
let source: RepositorySource
let into: string

beforeAll(async () => {
  source = await openGitSource({ isLocalAllowed: true, log: silentLogger })
})
beforeEach(async () => {
  repository = await FixtureRepository.create()
  into = join(repository.folder, 'trees', 'tree')
})
afterEach(() => repository[Symbol.asyncDispose]())

function clone(commit: string | null, more: Partial<CloneLimits> = {}): Promise<CloneResult> {
  return source.clone({
    repository: repository.url,
    commit,
    into,
    limits: { ...limits, ...more },
    signal: never,
  })
}

function expectNothingLeft(): void {
  expect(existsSync(into)).toBe(false)
  const folder = join(repository.folder, 'trees')
  expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([])
}

async function expectRefused(commit: string, reason: RegExp, more: Partial<CloneLimits> = {}): Promise<void> {
  expect(await clone(commit, more)).toEqual({ isCloned: false, reason: expect.stringMatching(reason) })
  expectNothingLeft()
}

describe('a clone', () => {
  it('holds exactly the files of the commit, with their modes and no .git', async () => {
    const script = Buffer.from('#!/bin/sh\r\necho ok\r\n')
    const commit = repository.commit([
      dockerfile,
      { path: 'src/run.sh', content: script, mode: '100755' },
      { path: 'src/deep/empty.txt', content: '' },
      { path: 'large.txt', content: 'x'.repeat(199_999) },
    ])
    expect(await clone(commit)).toEqual({ isCloned: true, commit, files: 4, bytes: 22 + 20 + 199_999 })
    expect(readdirSync(into, { recursive: true }).sort()).toEqual(
      ['Dockerfile', 'large.txt', 'src', 'src/deep', 'src/deep/empty.txt', 'src/run.sh'].sort(),
    )
    expect(readFileSync(join(into, 'src/run.sh'))).toEqual(script)
    expect(statSync(join(into, 'src/run.sh')).mode & 0o777).toBe(0o755)
    expect(statSync(join(into, 'Dockerfile')).mode & 0o777).toBe(0o644)
    expect(readdirSync(join(repository.folder, 'trees'))).toEqual(['tree'])
  })

  it('takes a pinned commit that no branch is at, also when the branch has moved on', async () => {
    const pinned = repository.commit([dockerfile, { path: 'a.js', content: '1' }])
    repository.commit([dockerfile, { path: 'b.js', content: '2' }])
    expect(await clone(pinned)).toMatchObject({ isCloned: true, commit: pinned })
    expect(readdirSync(into).sort()).toEqual(['Dockerfile', 'a.js'])
  })

  it('pins the head when no commit is given', async () => {
    const commit = repository.commit([dockerfile])
    expect(await source.resolveHead({ repository: repository.url, signal: never })).toBe(commit)
    expect(await clone(null)).toMatchObject({ isCloned: true, commit })
  })

  it('ignores attributes: nothing is hidden, replaced, filtered or converted', async () => {
    const secret = 'hidden.js'
    repository.git(['config', 'filter.evil.smudge', `touch ${repository.folder}/smudged`])
    const commit = repository.commit([
      dockerfile,
      {
        path: '.gitattributes',
        content: `${secret} export-ignore\n*.txt export-subst eol=crlf filter=evil\n`,
      },
      { path: secret, content: 'still here' },
      { path: 'version.txt', content: '$Format:%H$\n' },
    ])
    expect(await clone(commit)).toMatchObject({ isCloned: true, files: 4 })
    expect(readFileSync(join(into, secret), 'utf8')).toBe('still here')
    expect(readFileSync(join(into, 'version.txt'), 'utf8')).toBe('$Format:%H$\n')
    expect(existsSync(join(repository.folder, 'smudged'))).toBe(false)
  })

  it("runs no hook, neither of the repository nor of this user's settings", async () => {
    const commit = repository.commit([dockerfile])
    const hooks = join(repository.path, 'hooks')
    await mkdir(hooks, { recursive: true })
    for (const name of ['post-checkout', 'reference-transaction', 'post-merge', 'pre-auto-gc']) {
      await writeFile(join(hooks, name), `#!/bin/sh\ntouch ${repository.folder}/hooked\n`, { mode: 0o755 })
    }
    const home = join(repository.folder, 'home')
    await mkdir(home)
    await writeFile(join(home, '.gitconfig'), `[core]\n\thooksPath = ${hooks}\n[user]\n\tname = x\n`)
    await expect(
      withEnvironment({ HOME: home, GIT_DIR: '/nowhere' }, () => clone(commit)),
    ).resolves.toMatchObject({
      isCloned: true,
    })
    expect(existsSync(join(repository.folder, 'hooked'))).toBe(false)
  })

  it('removes what a killed call left half-written', async () => {
    await mkdir(join(`${into}.partial`, 'tree', 'stale'), { recursive: true })
    await writeFile(join(`${into}.partial`, 'tree', 'stale', 'x'), 'left behind')
    expect(await clone(repository.commit([dockerfile]))).toMatchObject({ isCloned: true })
    expect(readdirSync(into)).toEqual(['Dockerfile'])
    expect(readdirSync(join(repository.folder, 'trees'))).toEqual(['tree'])
  })

  it('touches nothing where something is already', async () => {
    const commit = repository.commit([dockerfile])
    await mkdir(into, { recursive: true })
    await expect(clone(commit)).rejects.toMatchObject({ name: 'InputError', field: 'into' })
    expect(readdirSync(into)).toEqual([])
  })
})

describe('a commit that is refused', () => {
  it('is not there', async () => {
    repository.commit([dockerfile])
    await expectRefused('1'.repeat(40), /no such commit/)
  })

  it.each(['', 'main', 'HEAD', '--upload-pack=touch x', 'A'.repeat(40), '1'.repeat(39)])(
    'is named %o',
    async (name) => {
      repository.commit([dockerfile])
      await expectRefused(name, /40 lower-case hex digits/)
    },
  )

  it('is a tag or a file', async () => {
    const commit = repository.commit([dockerfile])
    repository.git(['tag', '-a', 'v1', '-m', 'v1', commit])
    await expectRefused(repository.git(['rev-parse', 'refs/tags/v1']), /is no commit/)
    const file = repository.blob('x')
    repository.git(['update-ref', 'refs/blobs/x', file])
    await expectRefused(file, /is no commit|no such commit/)
  })

  it.each([
    [
      'a symbolic link',
      [{ path: 'link', content: '/etc/passwd', mode: '120000' as const }],
      /link is a symbolic link/,
    ],
    ['a path into .git', null, /\.git|malformed/],
    [
      'a control character in a name',
      [{ path: 'a\nb.js', content: 'x' }],
      /a\?b\.js: its name has other characters/,
    ],
    ['a name like an option', [{ path: '--help', content: 'x' }], /begins with a dash/],
    ['letters beyond ASCII', [{ path: 'а.js', content: 'x' }], /other characters/],
    [
      'names that differ in case',
      [
        { path: 'A.js', content: 'x' },
        { path: 'a.js', content: 'y' },
      ],
      /one file where case/,
    ],
    [
      'folders that differ in case',
      [
        { path: 'A/x', content: '' },
        { path: 'a/y', content: '' },
      ],
      /one file where case/,
    ],
  ])('holds %s', async (_name, files, reason) => {
    const commit =
      files === null
        ? repository.commitTree(
            repository.tree([
              `040000 tree ${repository.tree([`100644 blob ${repository.blob('x')}\tconfig`])}\t.git`,
            ]),
          )
        : repository.commit([dockerfile, ...files])
    await expectRefused(commit, reason)
  })

  it('holds a path that leads out', async () => {
    const inner = repository.tree([`100644 blob ${repository.blob('x')}\tescaped`])
    await expectRefused(
      repository.commitTree(repository.tree([`040000 tree ${inner}\t..`])),
      /out of|malformed/,
    )
    expect(existsSync(join(repository.folder, 'trees', 'escaped'))).toBe(false)
  })

  it('holds a submodule', async () => {
    const entry = `160000 commit ${'2'.repeat(40)}\tmodule`
    const file = `100644 blob ${repository.blob('FROM subnetkit/node:1')}\tDockerfile`
    await expectRefused(repository.commitTree(repository.tree([file, entry])), /module is a submodule/)
  })

  it('has a file, a sum or a number over the limit', async () => {
    await expectRefused(
      repository.commit([dockerfile, { path: 'big.js', content: 'x'.repeat(200_001) }]),
      /big\.js has 200001 bytes; a file may have 200000/,
    )
    const files = Array.from({ length: 6 }, (_, index) => ({
      path: `${index}.js`,
      content: `${index}`.repeat(190_000),
    }))
    await expectRefused(repository.commit(files), /more than 1000000 bytes together/)
    await expectRefused(repository.commit(files), /more than 5 files/, { files: 5, totalBytes: 2_000_000 })
  })

  it('is a bomb: a tree that names itself a billion times', async () => {
    let tree = repository.tree([`100644 blob ${repository.blob('x')}\tf`])
    for (let depth = 0; depth < 9; depth++) {
      const inner = tree
      tree = repository.tree(Array.from({ length: 10 }, (_, index) => `040000 tree ${inner}\tf${index}`))
    }
    await expectRefused(repository.commitTree(tree), /more than 50 files/)
  })

  it('is empty', async () => {
    await expectRefused(repository.commitTree(repository.tree([])), /no files/)
  })
})

describe('a download', () => {
  it('is killed when it grows over the limit', async () => {
    // Noise does not compress: 18 MB are on their way before any file can be counted, and 16 MiB may be.
    const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16))
    const content = cipher.update(Buffer.alloc(18_000_000))
    const commit = repository.commit([dockerfile, { path: 'noise.txt', content }])
    await expectRefused(commit, /download has more than/, { totalBytes: 1000 })
  })

  it('ends when it is aborted, and leaves nothing', async () => {
    const commit = repository.commit([dockerfile])
    const abort = new AbortController()
    const reason = new Error('enough')
    const cloning = source.clone({ repository: repository.url, commit, into, limits, signal: abort.signal })
    setTimeout(() => abort.abort(reason), 20)
    await expect(cloning).rejects.toBe(reason)
    expectNothingLeft()
  })

  it('that takes too long is tried again later', async () => {
    const commit = repository.commit([dockerfile])
    await expect(clone(commit, { timeLimitMs: 5 })).rejects.toMatchObject({
      code: 'timeout',
      retryable: true,
    })
    expectNothingLeft()
  })
})

describe('a repository that is refused', () => {
  it.each([
    ['ssh://git@example.org/a.git', /does not begin with https/],
    ['ext::sh -c touch% x', /spaces/],
    ['ext::sh', /does not begin with https/],
    ['--upload-pack=touch x', /spaces/],
    ['--upload-pack=x', /does not begin with https/],
    ['git@example.org:a/b', /does not begin with https/],
    ['http://example.org/a.git', /does not begin with https/],
    ['https://user:pw@example.org/a.git', /a user or a password/],
    ['https://example.org/a.git?x=1', /a query/],
    ['file://other.host/a.git', /another host/],
    [`https://example.org/${'a'.repeat(2100)}`, /longer than 2048/],
    ['https://exa mple.org/', /spaces/],
    ['https://example.org/\n', /control characters/],
  ])('%s', async (url, problem) => {
    const cloned = source.clone({ repository: url, commit: '1'.repeat(40), into, limits, signal: never })
    expect(await cloned).toEqual({ isCloned: false, reason: expect.stringMatching(problem) })
    await expect(source.resolveHead({ repository: url, signal: never })).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(problem),
    })
    expectNothingLeft()
  })

  it.each([
    'https://localhost/a.git',
    'https://127.0.0.1/a.git',
    'https://0x7f.1/a.git',
    'https://2130706433/a.git',
    'https://[::1]/a.git',
    'https://[::ffff:10.0.0.1]/a.git',
    'https://[fd00::1]/a.git',
    'https://[2002:0a00:0001::]/a.git',
    'https://10.1.2.3/a.git',
    'https://169.254.169.254/latest',
    'https://printer.local/a.git',
    'https://intranet/a.git',
  ])('because it is private: %s', async (url) => {
    const strict = await openGitSource({ isLocalAllowed: false, log: silentLogger })
    const cloned = strict.clone({ repository: url, commit: '1'.repeat(40), into, limits, signal: never })
    expect(await cloned).toEqual({ isCloned: false, reason: 'its address leads to a private address' })
  })

  it('because it lies on this machine and that is not allowed', async () => {
    const commit = repository.commit([dockerfile])
    const strict = await openGitSource({ isLocalAllowed: false, log: silentLogger })
    expect(await strict.clone({ repository: repository.url, commit, into, limits, signal: never })).toEqual({
      isCloned: false,
      reason: 'its address is a folder of this machine; give an https URL',
    })
  })

  it('because there is none, or it has no commit', async () => {
    const missing = `${repository.url}-missing`
    const signal = never
    expect(await source.clone({ repository: missing, commit: '1'.repeat(40), into, limits, signal })).toEqual(
      {
        isCloned: false,
        reason: 'there is no repository at this address',
      },
    )
    await expect(source.resolveHead({ repository: missing, signal })).rejects.toMatchObject({
      name: 'InputError',
    })
    await expect(source.resolveHead({ repository: repository.url, signal })).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('has no commit'),
    })
  })

  it('but a server that cannot be reached is tried again', async () => {
    // Port 9 of loopback: nobody listens.
    const cloning = source.clone({
      repository: 'https://127.0.0.1:9/a.git',
      commit: '1'.repeat(40),
      into,
      limits,
      signal: never,
    })
    await expect(cloning).rejects.toMatchObject({ code: 'unavailable', retryable: true })
    expectNothingLeft()
  })
})

async function withEnvironment<Result>(
  variables: Readonly<Record<string, string>>,
  act: () => Promise<Result>,
): Promise<Result> {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, variables)
  try {
    return await act()
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}
