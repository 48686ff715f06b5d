import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { beforeAll, describe, expect, it } from 'vitest'

import { repository } from '../release/program.ts'
import { type DocBlock, parseDocBlocks, readDocBlocks } from './doc-block.ts'
import { runBlock } from './run-block.ts'
import { importFolder, typeCheck } from './type-check.ts'

const blocks = readDocBlocks(repository)
const languages = new Set(['ts', 'typescript'])
const quoted = blocks.filter(({ marks }) => marks.some((mark) => mark.startsWith('file=')))
const modules = blocks.filter(
  ({ language, marks }) => languages.has(language) && !marks.includes('fragment') && !isQuoted(marks),
)
const runnable = blocks.filter(({ language, marks }) => language === 'sh' && marks.includes('run'))

const broken = {
  path: join(importFolder(repository, 'README.md'), 'broken.md.ts'),
  text: `import { isStorageError, nothingOfTheKind } from '@subnetkit/core'\nconst a: number = isStorageError(1)`,
}

// All in one program: most of its time goes to what the modules import.
let complaints: readonly string[] = []
beforeAll(() => {
  const snippets = modules.map((block) => ({
    path: join(importFolder(repository, block.document), `${title(block).replaceAll('/', '-')}.ts`),
    text: block.text,
  }))
  complaints = typeCheck(repository, [...snippets, broken])
})

function isQuoted(marks: readonly string[]): boolean {
  return marks.some((mark) => mark.startsWith('file='))
}

function title({ document, line }: DocBlock): string {
  return `${document}:${line}`
}

describe('documents', () => {
  it('have blocks', () => {
    expect(blocks.length).toBeGreaterThan(0)
  })

  it('show modules that compile', () => {
    expect(complaints.filter((complaint) => !complaint.startsWith(broken.path))).toEqual([])
  })

  for (const block of quoted) {
    it(`quote ${title(block)} word for word`, () => {
      const mark = block.marks.find((candidate) => candidate.startsWith('file=')) ?? ''
      const file = join(repository, dirname(block.document), mark.slice('file='.length))
      expect(existsSync(file), `${file} does not exist`).toBe(true)
      expect(readFileSync(file, 'utf8')).toContain(block.text)
    })
  }

  for (const block of runnable) {
    it(`run ${title(block)}`, async () => {
      expect(await runBlock(repository, block.text)).toEqual(expect.any(String))
    })
  }
})

describe('the checks themselves', () => {
  it('find blocks, their marks and their lines', () => {
    const text =
      'a\n```ts file=x.ts\nlet a = 1\n```\n\n````md\n```sh\nno\n```\n````\n  ```sh run\n  ls\n  ```\n'
    expect(
      parseDocBlocks('a.md', text).map(({ language, line, marks }) => [language, line, marks.join()]),
    ).toEqual([
      ['ts', 2, 'file=x.ts'],
      ['md', 6, ''],
      ['sh', 11, 'run'],
    ])
  })

  it('refuse a module that does not compile', () => {
    expect(complaints.filter((complaint) => complaint.startsWith(broken.path))).toEqual([
      expect.stringContaining('nothingOfTheKind'),
      expect.stringContaining(`(2): Type 'boolean' is not assignable to type 'number'`),
    ])
  })

  it('refuse a command that fails, and show what it printed', async () => {
    await expect(runBlock(repository, 'echo before\nfalse\necho after')).rejects.toThrow(
      /ended with 1:\nbefore\n$/,
    )
  })

  it('run commands where they can do no harm', async () => {
    const output = await runBlock(repository, 'touch here\nls -d here apps\necho "$SUBNETKIT_DATA"')
    expect(output).toContain('apps')
    expect(existsSync(join(repository, 'here'))).toBe(false)
  })
})
