import { rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'

import { build } from 'tsup'

import { makeProgramFolder } from './shared-program.ts'

/** An app's program as one file, started as `node <main>`. */
export interface BundledProgram extends AsyncDisposable {
  readonly main: string
}

/**
 * Bundles an app's `src/main.ts` with everything it needs, so that tests need no build and each of the many processes
 * that they start loads one file. It stands inside the app, since the embedded engines are found from where the program
 * stands; disposing of it removes it.
 *
 * @param app the app's folder.
 * @param entry another file of the app to start from, such as a worker that only tests have.
 */
export async function bundleProgram(
  app: string,
  entry: string = join('src', 'main.ts'),
): Promise<BundledProgram> {
  const folder = await makeProgramFolder(app)
  const main = await bundleInto(folder, app, entry)
  return { main, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

/** Bundles into an empty {@link makeProgramFolder}, which is the caller's to remove; gives the program's file. */
export async function bundleInto(folder: string, app: string, entry: string): Promise<string> {
  // Native modules cannot be bundled; core requires its own by name.
  await symlink(join(import.meta.dirname, '..', 'node_modules'), join(folder, 'node_modules'))
  await build({
    config: false,
    entry: { main: join(app, entry) },
    outDir: folder,
    format: ['esm'],
    target: 'node20',
    platform: 'node',
    silent: true,
    noExternal: [/.*/],
    outExtension: () => ({ js: '.mjs' }),
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    esbuildOptions: (options) => {
      options.conditions = ['@subnetkit/source']
      // Docker's client loads it for engines of other machines, which no app uses; its add-ons cannot be bundled.
      options.alias = { ...options.alias, ssh2: 'node:events' }
    },
  })
  return join(folder, 'main.mjs')
}
