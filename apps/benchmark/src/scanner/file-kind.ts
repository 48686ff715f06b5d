/** What a file is, by its name: it decides which rules read it. */
export type FileKind = 'javascript' | 'python' | 'shell' | 'settings' | 'prose' | 'lock' | 'dockerfile'

/** A file's kind, or why its name is refused. */
export type JudgedName =
  | { readonly isAccepted: true; readonly kind: FileKind }
  | {
      readonly isAccepted: false
      readonly rule: 'double-extension' | 'refused-kind' | 'unknown-kind'
      readonly message: string
    }

const kindsByExtension: ReadonlyMap<string, FileKind> = new Map([
  ...['js', 'mjs', 'cjs', 'ts', 'mts', 'cts', 'jsx', 'tsx', 'html', 'css', 'sql'].map(
    (extension) => [extension, 'javascript'] as const,
  ),
  ...['py', 'pyi'].map((extension) => [extension, 'python'] as const),
  ...['sh', 'bash'].map((extension) => [extension, 'shell'] as const),
  ...['json', 'json5', 'yaml', 'yml', 'toml', 'ini', 'cfg', 'conf'].map(
    (extension) => [extension, 'settings'] as const,
  ),
  ...['md', 'rst', 'txt'].map((extension) => [extension, 'prose'] as const),
  ['lock', 'lock'],
])

const kindsByName: ReadonlyMap<string, FileKind> = new Map([
  ...['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml'].map((name) => [name, 'lock'] as const),
  ...['LICENSE', 'LICENCE', 'NOTICE', 'README', 'CHANGELOG', 'AUTHORS', 'CODEOWNERS', 'CONTRIBUTING'].map(
    (name) => [name, 'prose'] as const,
  ),
  ['Makefile', 'shell'],
  ...[
    '.dockerignore',
    '.editorconfig',
    '.gitattributes',
    '.gitignore',
    '.node-version',
    '.npmrc',
    '.nvmrc',
    '.oxlintrc.json',
    '.prettierignore',
    '.prettierrc',
    '.python-version',
  ].map((name) => [name, 'settings'] as const),
])

const executables =
  'app bat cmd com deb dll dmg dylib elf exe lib msi node o pkg pyd rpm scr so vbs wasm'.split(' ')
const archives = '7z bz2 cab gz iso jar rar tar tgz war whl xz zip zst class'.split(' ')
const data =
  'arrow avro bin csv dat db duckdb feather h5 hdf hdf5 jsonl ndjson orc parquet sqlite sqlite3 tsv xls xlsx'.split(
    ' ',
  )
const models =
  'ckpt gguf joblib keras model npy npz onnx pb pickle pkl pt pth pyc safetensors tflite weights'.split(' ')
const pictures = 'bmp gif ico jpeg jpg pdf png svg tif tiff webp doc docx ppt pptx woff woff2 ttf map'.split(
  ' ',
)

const refusedExtensions: ReadonlyMap<string, string> = new Map([
  ...executables.map((extension) => [extension, 'a program or library'] as const),
  ...archives.map((extension) => [extension, 'an archive'] as const),
  ...data.map((extension) => [extension, 'data, which may hold remembered answers'] as const),
  ...models.map((extension) => [extension, 'a model or serialised objects'] as const),
  ...pictures.map(
    (extension) => [extension, 'a picture, a document or a map, which no detector needs'] as const,
  ),
])

/** Words that are common in names of honest code, such as `data.model.ts`. */
const harmlessInside: ReadonlySet<string> = new Set(
  'app bin class com dat db lib map model node o pkg so weights'.split(' '),
)

/** Judges a path by its name alone. What is not known is refused. */
export function judgeName(path: string): JudgedName {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const byName = kindsByName.get(name)
  if (byName !== undefined) return { isAccepted: true, kind: byName }
  if (name === 'Dockerfile' || name.startsWith('Dockerfile.') || name.endsWith('.dockerfile')) {
    return name.endsWith('.dockerignore')
      ? refuse('unknown-kind', 'it would replace .dockerignore for some builders; use that one')
      : { isAccepted: true, kind: 'dockerfile' }
  }
  const parts = name.toLowerCase().split('.').slice(1)
  const extension = parts.at(-1) ?? ''
  const refused = refusedExtensions.get(extension)
  if (refused !== undefined)
    return refuse('refused-kind', `files of this kind (.${extension}) are refused: ${refused}`)
  const kind = kindsByExtension.get(extension)
  if (kind === undefined || name.startsWith('.env')) {
    return refuse(
      'unknown-kind',
      'this name belongs to no kind of file that is accepted; give code and settings only',
    )
  }
  const inner = parts.slice(0, -1).find((part) => refusedExtensions.has(part) && !harmlessInside.has(part))
  if (inner !== undefined) {
    return refuse('double-extension', `its name hides .${inner} before .${extension}; rename it`)
  }
  return { isAccepted: true, kind }
}

function refuse(rule: 'double-extension' | 'refused-kind' | 'unknown-kind', message: string): JudgedName {
  return { isAccepted: false, rule, message }
}

/** Whether a kind is run: by Node, Python or a shell. */
export function isCode(kind: FileKind): boolean {
  return kind === 'javascript' || kind === 'python' || kind === 'shell'
}
