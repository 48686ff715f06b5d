import { describe, expect, it } from 'vitest'

import { arrowRule } from './arrow-rule.mjs'
import { docRule } from './doc-rule.mjs'
import { nameRule } from './name-rule.mjs'
import { purityRule } from './purity-rule.mjs'
import { type Finding, parseSource, type SourceFile } from './source-file.mjs'

type Rule = (file: SourceFile) => readonly Finding[]

function messages(rule: Rule, path: string, text: string): readonly string[] {
  return rule(parseSource(path, text)).map(({ line, message }) => `${line}: ${message}`)
}

describe('arrowRule', () => {
  const core = 'packages/core/src/rows/row-to-dict.ts'
  const clickhouse = 'packages/storage-clickhouse/src/connect.ts'
  const dynamo = 'packages/storage-dynamo/src/connect.ts'
  const task = 'apps/validator/src/tasks/sample.ts'
  const compose = 'apps/validator/src/compose.ts'

  it.each([
    [core, `import { createClient } from '@clickhouse/client'`],
    [core, `import type { Dynalite } from 'dynalite'`],
    [core, `export * from '@subnetkit/storage-dynamo'`],
    [core, `const driver = await import('chdb')`],
    [core, `const driver = await import('chdb/libchdb')`],
    [clickhouse, `import { connect } from '@subnetkit/storage-dynamo'`],
    [clickhouse, `type Client = import('@aws-sdk/client-dynamodb').DynamoDBClient`],
    [dynamo, `import { connect } from '@subnetkit/storage-clickhouse'`],
    [dynamo, `const chdb = require('chdb')`],
    [task, `import { connectDynamo } from '@subnetkit/storage-dynamo'`],
    [task, `const { connect } = await import('@subnetkit/storage-clickhouse')`],
    [task, `import { createClient } from '@clickhouse/client'`],
    [task, `import { score } from '@subnetkit/benchmark'`],
    [compose, `import { score } from '@subnetkit/aml-miner'`],
  ])('refuses in %s: %s', (path, text) => {
    expect(messages(arrowRule, path, `\n${text}\n`)).toEqual([expect.stringMatching(/^2: imports /)])
  })

  it.each([
    [clickhouse, `import { StorageError } from '@subnetkit/core'`],
    [clickhouse, `import { createClient } from '@clickhouse/client'`],
    [compose, `const { connect } = await import('@subnetkit/storage-dynamo')`],
    ['apps/validator/test/engine.ts', `import { startEmbeddedDynamo } from '@subnetkit/storage-dynamo'`],
    [task, `import { defineTask } from '@subnetkit/core'`],
    ['packages/core/vitest.config.ts', `import { testConfig } from '../../vitest.base.ts'`],
  ])('allows in %s: %s', (path, text) => {
    expect(messages(arrowRule, path, text)).toEqual([])
  })

  it('refuses a relative way into another package', () => {
    expect(messages(arrowRule, core, `import '../../../storage-dynamo/src/index.ts'`)[0]).toContain(
      'packages/storage-dynamo/src/index.ts',
    )
  })

  it('lets tests, and only tests, share the test support of core', () => {
    const text = `import { spawnTypeScript } from '../../core/test/spawn-typescript.ts'`
    expect(messages(arrowRule, 'packages/storage-dynamo/test/embedded.test.ts', text)).toEqual([])
    expect(messages(arrowRule, 'packages/storage-dynamo/src/connect.ts', text)).toHaveLength(1)
  })

  it('refuses a relative import without .ts', () => {
    expect(messages(arrowRule, core, `import { page } from './page.js'`)[0]).toContain('end in .ts')
  })
})

describe('nameRule', () => {
  it.each(['src/utils/page.ts', 'src/helpers.ts', 'src/types.ts', 'src/common/a.ts', 'src/date-utils.ts'])(
    'refuses %s',
    (path) => {
      expect(messages(nameRule, `packages/core/${path}`, '')).toHaveLength(1)
    },
  )

  it.each(['src/rowToDict.ts', 'src/Row.ts', 'src/row_to_dict.ts'])('refuses %s', (path) => {
    expect(messages(nameRule, `packages/core/${path}`, '')[0]).toContain('kebab-case')
  })

  it.each(['src/rows/row-to-dict.test.ts', 'tsup.config.ts', 'test/contracts.test.ts'])(
    'allows %s',
    (path) => {
      expect(messages(nameRule, `packages/core/${path}`, '')).toEqual([])
    },
  )
})

describe('purityRule', () => {
  const rules = 'packages/core/src/rules/lease.ts'
  const adapter = 'packages/storage-dynamo/src/connect.ts'

  it.each([
    [rules, 'const now = new Date()', 'reads the clock'],
    [rules, 'const now = Date()', 'reads the clock'],
    [rules, 'const row = value as unknown as Row', 'asserts twice'],
    [rules, 'const row = (value as unknown) as Row', 'asserts twice'],
    [adapter, `throw new Error('no')`, 'bare Error'],
    ['packages/storage-dynamo/test/a.test.ts', `vi.mock('dynalite')`, 'mocks'],
  ])('refuses in %s: %s', (path, text, expected) => {
    expect(messages(purityRule, path, text)).toEqual([expect.stringContaining(expected)])
  })

  it.each([
    [rules, 'const then = new Date(0)'],
    [rules, 'const row = value as Row'],
    [rules, `throw new Error('a defect of ours')`],
    ['apps/validator/src/main.ts', 'const now = new Date()'],
    ['packages/core/src/rules/lease.test.ts', 'const now = new Date()'],
    ['packages/storage-dynamo/src/embedded/dynalite-server.mjs', `throw new Error('ends in a log')`],
  ])('allows in %s: %s', (path, text) => {
    expect(messages(purityRule, path, text)).toEqual([])
  })
})

describe('docRule', () => {
  const path = 'packages/core/src/models/score.ts'

  it.each([
    'export function put(): void {}',
    'export class Store {}',
    'export interface Store {}',
    'export type Store = string',
    'export const store = 1',
  ])('refuses %s', (text) => {
    expect(messages(docRule, path, text)).toEqual([expect.stringContaining('without a doc comment')])
  })

  it('allows what is documented, private or only passed on', () => {
    const text = `/** Why. */\nexport const a = 1\nconst b = 2\nexport { b as c } from './c.ts'\nexport * from './d.ts'`
    expect(messages(docRule, path, text)).toEqual([])
  })

  it('asks one comment of an overloaded function, and none of tests', () => {
    const text =
      '/** Why. */\nexport function f(a: 1): 1\nexport function f(a: 2): 2\nexport function f(a: number): number { return a }'
    expect(messages(docRule, path, text)).toEqual([])
    expect(messages(docRule, 'packages/core/test/a.ts', 'export const a = 1')).toEqual([])
  })
})
