import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { root } from './turbo-run.mjs'

const library = 'packages/core/src/rules/lease.ts'
const long = Array.from({ length: 401 }, (_, line) => `export const a${line} = ${line}`).join('\n')
const longFunction = `export function f(): void {\n${'  g()\n'.repeat(81)}}`

/** Each rule that the house relies on, with a text that breaks it. */
const broken: readonly (readonly [rule: string, path: string, text: string])[] = [
  ['no-explicit-any', library, 'export const a: any = 1'],
  ['no-non-null-assertion', library, 'export const a = (b: string | null): string => b!'],
  ['no-default-export', library, 'export default 1'],
  ['ban-ts-comment', library, '// @ts-ignore\nexport const a = 1'],
  ['explicit-module-boundary-types', library, 'export function a() { return 1 }'],
  ['max-lines', library, long],
  ['max-lines-per-function', library, longFunction],
  ['no-restricted-properties', library, 'export const a = Date.now()'],
  ['no-restricted-properties', library, 'export const a = Math.random()'],
  ['no-restricted-properties', library, `export const a = process.env['HOME']`],
  ['no-restricted-properties', 'apps/validator/src/tasks/a.ts', `export const a = process.env['HOME']`],
  ['no-console', library, 'console.log(1)'],
  ['eqeqeq', library, 'export const a = (b: number): boolean => b == 1'],
  ['no-focused-tests', 'packages/core/test/a.test.ts', `it.only('a', () => { expect(1).toBe(1) })`],
  ['no-disabled-tests', 'packages/core/test/a.test.ts', `it.skip('a', () => { expect(1).toBe(1) })`],
]

const allowed: readonly (readonly [path: string, text: string])[] = [
  ['apps/validator/src/config.ts', `export const home = process.env['HOME']`],
  ['packages/core/test/clock.test.ts', 'export const now = Date.now()'],
  ['packages/core/tsup.config.ts', 'export default { a: 1 }'],
  [library, 'export const first = new Date(0)'],
]

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'subnetkit-lint-'))
  copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** The codes that the linter reports for one file, run as a package's `lint` script runs it: inside the package. */
function lint(path: string, text: string): readonly string[] {
  const member = path.split('/').slice(0, 2).join('/')
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  try {
    const bin = join(root, 'node_modules/oxlint/bin/oxlint')
    execFileSync(process.execPath, [bin, '--deny-warnings', '--format=json', '.'], {
      cwd: join(folder, member),
      encoding: 'utf8',
    })
    return []
  } catch (error) {
    const stdout = error instanceof Error && 'stdout' in error ? String(error.stdout) : ''
    const report: { diagnostics: { code: string }[] } = JSON.parse(stdout)
    return report.diagnostics.map(({ code }) => code)
  } finally {
    rmSync(file)
  }
}

describe('the lint rules', () => {
  it.each(broken)('%s fires in %s', (rule, path, text) => {
    expect(lint(path, text)).toContainEqual(expect.stringContaining(`(${rule})`))
  })

  it.each(allowed)('let %s be: %s', (path, text) => {
    expect(lint(path, text)).toEqual([])
  })
})
