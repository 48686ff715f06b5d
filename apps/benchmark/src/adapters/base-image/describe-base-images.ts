import { createHash } from 'node:crypto'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

import { type BaseImage, baseImageNames, type BasePart, basePackagesFolder } from './base-image.ts'
import { packageClosure } from './package-closure.ts'
import { sharedLibraries } from './shared-libraries.ts'

const plainPackages = ['hyparquet', 'hyparquet-compressors']
const enginePackages = [...plainPackages, 'chdb', 'ffi-rs']
/** Changes when an image is made of the same parts in another way. */
const RECIPE = 2
const SMALL_BYTES = 1_048_576
const LARGE_BYTES = 134_217_728

const texts = [
  { path: '/etc/passwd', text: 'root:x:0:0:root:/:/none\nnobody:x:65534:65534:nobody:/:/none\n' },
  { path: '/etc/group', text: 'root:x:0:\nnogroup:x:65534:\n' },
]

/** The base images that this machine can make from the Node that runs this, and the packages of this app. */
export async function describeBaseImages(signal: AbortSignal): Promise<BaseImage[]> {
  const here = dirname(fileURLToPath(import.meta.url))
  const [plain, engine] = baseImageNames
  return [
    await describeBaseImage(plain, await packageClosure(plainPackages, here), signal),
    await describeBaseImage(engine, await packageClosure(enginePackages, here), signal),
  ]
}

async function describeBaseImage(
  name: string,
  packages: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<BaseImage> {
  const node = await realpath(process.execPath)
  const folders = [...packages.values()]
  const natives: string[] = []
  const large = new Set<string>()
  for (const folder of folders) {
    for (const file of await nativeFiles(folder)) {
      natives.push(file)
      if ((await stat(file)).size > LARGE_BYTES) large.add(folder)
    }
  }
  // A library that a package brings itself is found beside it; only the machine's own are shown one by one.
  const libraries = (await sharedLibraries([node, ...natives], signal)).filter(
    (path) => !folders.some((folder) => path.includes(`${sep}node_modules${sep}`) || path.startsWith(folder)),
  )
  const parts: BasePart[] = [
    { source: node, path: '/usr/local/bin/node', isLarge: false },
    ...libraries.map((path) => ({ source: path, path, isLarge: false })),
    ...[...packages].map(([title, source]) => ({
      source,
      path: `${basePackagesFolder}/${title}`,
      isLarge: large.has(source),
    })),
  ]
  const image = {
    name,
    parts,
    texts,
    links: [{ path: '/node_modules', target: basePackagesFolder.slice(1) }],
    folders: ['/data/input', '/data/output', '/dev', '/proc', '/sys', '/tmp'],
    environment: { PATH: '/usr/local/bin', NODE_PATH: basePackagesFolder, HOME: '/tmp' },
  }
  return { ...image, digest: await digestOf(image) }
}

async function nativeFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() && /\.(?:node|so)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

async function digestOf(image: Omit<BaseImage, 'digest'>): Promise<string> {
  const hash = createHash('sha256')
  hash.update(JSON.stringify({ ...image, recipe: RECIPE }))
  for (const { source } of image.parts) {
    const about = await stat(source)
    const isSmall = about.isFile() && about.size <= SMALL_BYTES
    // Of a folder, its package.json: what is published under a version does not change.
    const small = about.isDirectory() ? join(source, 'package.json') : isSmall ? source : null
    hash.update(small === null ? `${about.size} ${about.mtimeMs}` : await readFile(small))
  }
  return hash.digest('hex')
}
