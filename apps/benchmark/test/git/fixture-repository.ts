import { execFileSync, type ExecFileSyncOptions } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** One file of a commit that tests make; the default mode is a regular file. */
export interface FixtureFile {
  readonly path: string
  readonly content: string | Buffer
  readonly mode?: '100644' | '100755' | '120000'
}

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

  static async create(): Promise<FixtureRepository> {
    const fixture = new FixtureRepository(await mkdtemp(join(tmpdir(), 'subnetkit-repository-')))
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', fixture.path])
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

  /** Commits a whole tree of files and moves `main` to it. */
  commit(files: readonly FixtureFile[], branch = 'refs/heads/main'): string {
    const index = join(this.folder, 'index')
    const env = { ...process.env, GIT_INDEX_FILE: index }
    this.git(['read-tree', '--empty'], { env })
    const input = files
      .map(({ path, content, mode }) => `${mode ?? '100644'} ${this.blob(content)}\t${path}\0`)
      .join('')
    this.git(['update-index', '-z', '--index-info'], { env, input })
    return this.commitTree(this.git(['write-tree'], { env }), branch)
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
