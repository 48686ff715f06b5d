import { access, mkdir, mkdtemp, rename, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 50

/** A new folder inside an app, from where a program finds the packages that cannot be bundled. */
export async function makeProgramFolder(app: string): Promise<string> {
  const cache = join(app, 'node_modules', '.cache')
  await mkdir(cache, { recursive: true })
  return await mkdtemp(join(cache, 'program-'))
}

/**
 * The app's program as one file, bundled once for all test files of a run, which takes seconds: the first that asks does
 * the work, the others wait, and a run in which nobody asks has none of it. The folder is {@link makeProgramFolder}'s and
 * its maker's to remove.
 */
export async function sharedProgram(app: string, folder: string): Promise<{ readonly main: string }> {
  const done = join(folder, 'bundled')
  const building = join(folder, 'building')
  while (!(await isFirst(building))) await sleep(POLL_MS)
  try {
    if (!(await exists(done))) {
      const { bundleInto } = await import('./bundle-program.ts')
      const draft = await mkdtemp(join(folder, 'draft-'))
      await bundleInto(draft, app, join('src', 'main.ts'))
      await rename(draft, done)
    }
  } finally {
    await rmdir(building)
  }
  return { main: join(done, 'main.mjs') }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}

/** Of several that try to make a folder, one succeeds. */
async function isFirst(path: string): Promise<boolean> {
  try {
    await mkdir(path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}
