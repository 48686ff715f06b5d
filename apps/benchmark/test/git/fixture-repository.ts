import { execFileSync, type ExecFileSyncOptions } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** One file of a commit that tests make; the default mode is a regular file. */
export interface FixtureFile {
  readonly path: string
  readonly content: string | Buffer
  readonly mode?: '100644' | '100755' | '120000'
}

/** Nothing here is worth the time to make it smaller. */
const settings =
  '[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tcompression = 0\n[pack]\n\tcompression = 0\n'

/** A real repository in a temporary folder, made from objects, so that also what `git add` refuses can be in it. */
export class FixtureRepository implements AsyncDisposable {
  readonly folder: string
  readonly path: string
  readonly url: string

  private constructor(folder: string) {
    this.folder = folder
    this.path = join(folder, 'miner.git')
    this.url = pathToFileURL(this.path).href
  }

  /** A bare repository is these four things; a git process of its own for them would cost more than all else here. */
  static async create(): Promise<FixtureRepository> {
    const fixture = new FixtureRepository(await mkdtemp(join(tmpdir(), 'subnetkit-repository-')))
    await mkdir(join(fixture.path, 'objects'), { recursive: true })
    await mkdir(join(fixture.path, 'refs'))
    await writeFile(join(fixture.path, 'HEAD'), 'ref: refs/heads/main\n')
    await writeFile(join(fixture.path, 'config'), settings)
    return fixture
  }

  git(args: readonly string[], options: ExecFileSyncOptions = {}): string {
    const identity = ['-c', 'user.name=Miner', '-c', 'user.email=miner@example.org']
    const output = execFileSync('git', [...identity, `--git-dir=${this.path}`, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      ...options,
    })
    return output.toString().trim()
  }

  blob(content: string | Buffer): string {
    return this.git(['hash-object', '-w', '--stdin', '--literally'], { input: content })
  }

  tree(entries: readonly string[]): string {
    return this.git(['mktree', '-z', '--missing'], { input: entries.map((entry) => `${entry}\0`).join('') })
  }

  /** Commits a whole tree of files, without a parent, and moves `main` to it: all in one git process. */
  commit(files: readonly FixtureFile[]): string {
    const parts: (string | Buffer)[] = [
      'commit refs/heads/main\nmark :1\ncommitter Miner <miner@example.org> 1754006400 +0000\n',
      'data 12\nA submission\ndeleteall\n',
    ]
    for (const { path, content, mode } of files) {
      // A quoted path is quoted as in C, which for these paths is as in JSON.
      parts.push(`M ${mode ?? '100644'} inline ${JSON.stringify(path)}\ndata ${Buffer.byteLength(content)}\n`)
      parts.push(content, '\n')
    }
    parts.push('get-mark :1\n')
    const input = Buffer.concat(parts.map((part) => Buffer.from(part)))
    return this.git(['fast-import', '--quiet', '--force', '--done'], {
      input: Buffer.concat([input, Buffer.from('done\n')]),
    })
  }

  commitTree(tree: string, branch = 'refs/heads/main'): string {
    const commit = this.git(['commit-tree', tree, '-m', 'A submission'])
    this.git(['update-ref', branch, commit])
    return commit
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}
