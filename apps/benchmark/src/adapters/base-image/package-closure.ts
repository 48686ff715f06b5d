import { readFile, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { InputError } from '@subnetkit/core'
import { z } from 'zod'

const manifestSchema = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
})

/**
 * Packages by name with everything that they depend on, and where each lies; found from `from` upwards as Node finds them.
 * Optional ones are taken where they are installed: they are the builds for this machine.
 *
 * @throws InputError when a package that is needed is not installed.
 */
export async function packageClosure(
  names: readonly string[],
  from: string,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  const open = names.map((name) => ({ name, from, isOptional: false }))
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next.name)) continue
    const folder = await findPackage(next.name, next.from)
    if (folder === null) {
      if (next.isOptional) continue
      throw missingPackage(next.name)
    }
    found.set(next.name, folder)
    const manifest = manifestSchema.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')))
    for (const name of Object.keys(manifest.dependencies)) {
      const isOptional = name in manifest.optionalDependencies
      open.push({ name, from: folder, isOptional })
    }
    for (const name of Object.keys(manifest.optionalDependencies)) {
      open.push({ name, from: folder, isOptional: true })
    }
  }
  return found
}

async function findPackage(name: string, from: string): Promise<string | null> {
  for (let folder = from; ; folder = dirname(folder)) {
    try {
      const candidate = await realpath(join(folder, 'node_modules', name))
      await readFile(join(candidate, 'package.json'))
      return candidate
    } catch {
      if (folder === dirname(folder)) return null
    }
  }
}

function missingPackage(name: string): InputError {
  return new InputError({
    field: 'base image',
    value: name,
    problem: 'is not installed, and submissions are promised it',
    hint: 'install the benchmark app with all its dependencies',
  })
}
