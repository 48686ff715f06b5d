import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { z } from 'zod'

import { removeOutputArea } from './output-area.ts'
import { currentOwner, formatOwner, isOwnerAlive, parseOwner, processOwnerSchema } from './process-owner.ts'

const NEW = '.new-'

const ownerFileSchema = z.strictObject({
  owner: processOwnerSchema,
  /** Control groups that are to go with it. */
  cgroups: z.array(z.string().startsWith('/')),
})

/** The folder that one run uses on this machine while it lasts: `owner.json` and the output. */
export interface RunFolder extends AsyncDisposable {
  readonly path: string
  readonly outputPath: string
}

/** Makes the folder of a run anew and says whose it is. What it was before must be removed already. */
export async function openRunFolder(
  params: Readonly<{ runsFolder: string; name: string; cgroups: readonly string[] }>,
): Promise<RunFolder> {
  const path = join(params.runsFolder, params.name)
  const owner = await currentOwner()
  // It appears with its owner in it: others remove what has none.
  const fresh = `${path}${NEW}${formatOwner(owner)}`
  await mkdir(fresh, { recursive: true, mode: 0o711 })
  await writeFile(join(fresh, 'owner.json'), JSON.stringify({ owner, cgroups: params.cgroups }))
  await rename(fresh, path)
  return { path, outputPath: join(path, 'output'), [Symbol.asyncDispose]: () => removeRunFolder(path) }
}

async function removeRunFolder(path: string): Promise<void> {
  await removeOutputArea(join(path, 'output'))
  await rm(path, { recursive: true, force: true })
}

/** Removes the folder of one run by name, whoever made it; `endCgroups` ends what is still in its control groups. */
export async function removeRun(
  runsFolder: string,
  name: string,
  endCgroups: (paths: readonly string[]) => Promise<void>,
): Promise<void> {
  const path = join(runsFolder, name)
  await endCgroups((await readOwnerFile(path))?.cgroups ?? [])
  await removeRunFolder(path)
}

/** Removes the folders of runs whose process is dead. Returns their names. */
export async function removeDeadRuns(
  runsFolder: string,
  endCgroups: (paths: readonly string[]) => Promise<void>,
): Promise<string[]> {
  const removed: string[] = []
  for (const name of await readdir(runsFolder).catch(() => [])) {
    const file = await readOwnerFile(join(runsFolder, name))
    const owner = file === null ? parseOwner(name.slice(name.indexOf(NEW) + NEW.length)) : file.owner
    if (owner !== null && (await isOwnerAlive(owner))) continue
    await removeRun(runsFolder, name, endCgroups)
    removed.push(name)
  }
  return removed
}

async function readOwnerFile(path: string): Promise<z.infer<typeof ownerFileSchema> | null> {
  try {
    return ownerFileSchema.parse(JSON.parse(await readFile(join(path, 'owner.json'), 'utf8')))
  } catch {
    return null
  }
}
