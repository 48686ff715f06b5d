import { spawnSync } from 'node:child_process'
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
  ['packages/core/src/rules/first.ts', 'export const first = new Date(0)'],
]

let folder = ''
let codes: ReadonlyMap<string, readonly string[]> = new Map()

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'subnetkit-lint-'))
  copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
  broken.forEach(([, path, text], nth) => put(nthPath(path, nth), text))
  for (const [path, text] of allowed) put(path, text)
  codes = new Map([...lint('packages/core'), ...lint('apps/validator')])
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** A path of its own in the same folder, with the same ending: `lease-3.ts`, `a-3.test.ts`. */
function nthPath(path: string, nth: number): string {
  return path.replace(/(\.test)?\.ts$/, (ending) => `-${nth}${ending}`)
}

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

/** The codes that the linter reports by file, run as a package's `lint` script runs it: inside the package. */
function lint(member: string): ReadonlyMap<string, readonly string[]> {
  const bin = join(root, 'node_modules/oxlint/bin/oxlint')
  const args = [bin, '--deny-warnings', '--format=json', '.']
  const { stdout } = spawnSync(process.execPath, args, { cwd: join(folder, member), encoding: 'utf8' })
  const report: { diagnostics: { code: string; filename: string }[] } = JSON.parse(stdout)
  const byFile = new Map<string, string[]>()
  for (const { code, filename } of report.diagnostics) {
    const file = join(member, filename)
    byFile.set(file, [...(byFile.get(file) ?? []), code])
  }
  return byFile
}

describe('the lint rules', () => {
  it.each(broken.map(([rule, path], nth) => [rule, nthPath(path, nth)] as const))(
    '%s fires in %s',
    (rule, path) => {
      expect(codes.get(path)).toContainEqual(expect.stringContaining(`(${rule})`))
    },
  )

  it.each(allowed)('let %s be: %s', (path) => {
    expect(codes.get(path) ?? []).toEqual([])
  })
})
