import { execFile } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { root } from './turbo-run.mjs'

/** `.ci/run` on a machine that has everything, in a repository whose two commands only print. */

const programs = ['chromium', 'java', 'redis-server', 'bwrap', 'podman', 'runc']

let folder = ''

function addProgram(name: string, script: string): void {
  const file = join(folder, 'bin', name)
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'subnetkit-ci-'))
  const repository = join(folder, 'repository')
  mkdirSync(join(repository, '.ci'), { recursive: true })
  copyFileSync(join(root, '.ci/run'), join(repository, '.ci/run'))
  mkdirSync(join(folder, 'bin'))
  for (const program of programs) addProgram(program, `echo ${program} 1.0`)
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

interface Outcome {
  readonly code: number
  readonly output: string
  readonly lastLine: string | undefined
}

function ciRun(test: string, soak: string): Promise<Outcome> {
  const manifest = { name: 'printing', version: '1.0.0', scripts: { test, 'test:soak': soak } }
  writeFileSync(join(folder, 'repository/package.json'), JSON.stringify(manifest))
  const { SUBNETKIT_SAMPLE_DATA: _outer, ...outer } = process.env
  const env = { ...outer, PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}` }
  return new Promise((resolve) => {
    execFile('bash', [join(folder, 'repository/.ci/run')], { env, encoding: 'utf8' }, (error, output) => {
      const code = typeof error?.code === 'number' ? error.code : 0
      resolve({ code, output, lastLine: output.trimEnd().split('\n').at(-1) })
    })
  })
}

it('sums both runs in its last line', async () => {
  const { code, lastLine } = await ciRun("echo '10 passed, 0 failed'", "echo '5 passed, 0 failed, 2 skipped'")
  expect({ code, lastLine }).toEqual({ code: 0, lastLine: '15 passed, 0 failed, 2 skipped' })
})

it('fails when one of them failed, and still runs the other', async () => {
  const { code, lastLine } = await ciRun("echo '10 passed, 1 failed'; exit 1", "echo '5 passed, 0 failed'")
  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '15 passed, 1 failed' })
})

it.each(['exit 0', 'exit 3', "echo 'Killed'; exit 137"])(
  'counts a run without a last line as a failure: %s',
  async (soak) => {
    const { code, lastLine } = await ciRun("echo '10 passed, 0 failed'", soak)
    expect({ code, lastLine }).toEqual({ code: 1, lastLine: '10 passed, 1 failed' })
  },
)

it('promises what is there, and sample data only when a sibling folder has it', async () => {
  const show = 'echo "got $SUBNETKIT_PROMISED at $SUBNETKIT_SAMPLE_DATA"; echo \'1 passed, 0 failed\''
  const all = 'chromium,java,redis,bubblewrap,podman'
  expect((await ciRun(show, show)).output).toContain(`got ${all} at \n`)
  mkdirSync(join(folder, 'shared/data'), { recursive: true })
  const { output } = await ciRun(show, show)
  expect(output).toMatch(new RegExp(`got ${all},sample-data at .*/shared/data\\n`))
})

it('promises no sandbox where the kernel lets nobody make one', async () => {
  addProgram('bwrap', 'exit 1')
  const show = 'echo "got $SUBNETKIT_PROMISED"; echo \'1 passed, 0 failed\''
  expect((await ciRun(show, show)).output).toContain('got chromium,java,redis\n')
})

it('reads nothing from stdin', async () => {
  const { lastLine } = await ciRun("cat; echo '1 passed, 0 failed'", "cat; echo '1 passed, 0 failed'")
  expect(lastLine).toBe('2 passed, 0 failed')
})
