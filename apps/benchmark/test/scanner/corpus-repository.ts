import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { z } from 'zod'

import { scanRules } from '../../src/scanner/scan-finding.ts'

const fileSchema = z.union([
  /** Lines of a text. */
  z.array(z.string()),
  z.strictObject({ link: z.string() }),
  z.strictObject({ hex: z.string() }),
  /** A text so many times over; in so many files, `{n}` in the path being their number. */
  z.strictObject({ repeat: z.string(), times: z.int(), copies: z.int().optional() }),
])

const repositorySchema = z.strictObject({
  why: z.string().min(1),
  isRunAllowed: z.boolean(),
  files: z.record(z.string(), fileSchema),
  /** Every finding, each told once; none for a good repository. */
  expected: z.array(z.strictObject({ rule: z.enum(scanRules), path: z.string(), line: z.int().nullable() })),
})

/** A repository of the corpus: what it holds and what the scanner must say of it. */
export type CorpusRepository = z.infer<typeof repositorySchema>

export async function readCorpusRepository(path: string): Promise<CorpusRepository> {
  return repositorySchema.parse(JSON.parse(await readFile(path, 'utf8')))
}

/** Writes the files of a repository into a folder. */
export async function layOut(repository: CorpusRepository, folder: string): Promise<void> {
  for (const [path, file] of Object.entries(repository.files)) {
    const full = join(folder, path)
    await mkdir(dirname(full), { recursive: true })
    if (Array.isArray(file)) await writeFile(full, file.map((line) => `${line}\n`).join(''))
    else if ('link' in file) await symlink(file.link, full)
    else if ('hex' in file) await writeFile(full, Buffer.from(file.hex, 'hex'))
    else
      for (let copy = 1; copy <= (file.copies ?? 1); copy++)
        await writeFile(full.replace('{n}', String(copy)), file.repeat.repeat(file.times))
  }
}
