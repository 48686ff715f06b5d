import { chmod, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { scanSubmission } from '../../src/scanner/scan-submission.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tree-hash-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

const files: Readonly<Record<string, string>> = {
  Dockerfile: 'FROM subnetkit/node:1\nCOPY . .\nENTRYPOINT ["node", "main.mjs"]\n',
  'main.mjs': 'console.log(1)\n',
  'parts/a.mjs': 'export const a = 1\n',
  'parts/b.mjs': '',
}

async function write(name: string, changed: Readonly<Record<string, string | null>>): Promise<string> {
  const tree = join(folder, name)
  for (const [path, text] of Object.entries({ ...files, ...changed }).toReversed()) {
    if (text === null) continue
    await mkdir(join(tree, dirname(path)), { recursive: true })
    await writeFile(join(tree, path), text)
  }
  return tree
}

async function hashOf(tree: string): Promise<string> {
  const { signal } = new AbortController()
  const params = { baseImages: ['subnetkit/node:1'], reviewer: null, isRunAllowed: false, signal }
  const report = await scanSubmission({ tree, ...params })
  expect(report.findings).toEqual([])
  return report.treeSha256
}

describe('the hash of a tree', () => {
  it('is the same for the same files, whenever they were written, with whatever modes', async () => {
    const tree = await write('one', {})
    const other = await write('other', {})
    await chmod(join(other, 'main.mjs'), 0o755)
    await utimes(join(other, 'main.mjs'), 1, 1)
    await mkdir(join(other, 'empty'))
    expect(await hashOf(other)).toBe(await hashOf(tree))
  })

  it.each<[string, Readonly<Record<string, string | null>>]>([
    ['another byte', { 'main.mjs': 'console.log(2)\n' }],
    ['another name', { 'parts/b.mjs': null, 'parts/c.mjs': '' }],
    ['another folder', { 'parts/b.mjs': null, 'b.mjs': '' }],
    ['one more empty file', { 'parts/c.mjs': '' }],
    ['bytes that moved to the next file', { 'parts/a.mjs': 'export const a', 'parts/b.mjs': ' = 1\n' }],
  ])('is another for %s', async (name, changed) => {
    expect(await hashOf(await write(name, changed))).not.toBe(await hashOf(await write('as it is', {})))
  })
})
