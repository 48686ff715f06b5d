import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { scanRules } from '../../src/scanner/scan-finding.ts'
import { scanSubmission } from '../../src/scanner/scan-submission.ts'
import { layOut, readCorpusRepository } from './corpus-repository.ts'

const corpus = join(import.meta.dirname, '..', 'corpus')
const good = readdirSync(join(corpus, 'good'))
const bad = readdirSync(join(corpus, 'bad'))
/** Rules that are not about what a repository holds alone; they have tests of their own. */
const tested = new Set(['reviewer', 'special-file', 'too-much-to-review', 'tree-too-large', 'unreadable'])

let tree: string
beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), 'subnetkit-corpus-'))
})
afterEach(() => rm(tree, { recursive: true, force: true }))

describe('the corpus', () => {
  it.each([...good.map((name) => join('good', name)), ...bad.map((name) => join('bad', name))])(
    '%s',
    async (name) => {
      const repository = await readCorpusRepository(join(corpus, name))
      await layOut(repository, tree)
      const report = await scanSubmission({
        tree,
        baseImages: ['subnetkit/node:1', 'subnetkit/node-clickhouse:1'],
        reviewer: null,
        isRunAllowed: repository.isRunAllowed,
        signal: new AbortController().signal,
      })
      const told = report.findings.map(({ rule, path, line }) => `${path}:${line ?? '-'} ${rule}`)
      const expected = repository.expected.map(({ rule, path, line }) => `${path}:${line ?? '-'} ${rule}`)
      expect([...new Set(told)].sort()).toEqual([...new Set(expected)].sort())
      expect(report.isAccepted).toBe(name.startsWith('good'))
      expect(report.findings.every(({ message }) => message.length > 0 && message.length < 300)).toBe(true)
    },
  )

  it('has a repository for every rule, and honest ones that pass', async () => {
    const rules = new Set<string>()
    for (const name of bad) {
      for (const { rule } of (await readCorpusRepository(join(corpus, 'bad', name))).expected) rules.add(rule)
    }
    expect(scanRules.filter((rule) => !rules.has(rule) && !tested.has(rule))).toEqual([])
    expect(good.length).toBeGreaterThanOrEqual(15)
    expect(bad.length).toBeGreaterThanOrEqual(100)
  })
})
