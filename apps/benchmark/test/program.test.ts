import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { bundleProgram, type BundledProgram } from '../../../packages/core/test/bundle-program.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'

let bundled: BundledProgram
let program = ''
let out = ''
beforeAll(async () => {
  bundled = await bundleProgram(join(import.meta.dirname, '..'))
  program = bundled.main
})
afterAll(async () => {
  await bundled[Symbol.asyncDispose]()
})
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'dataset-'))
})
afterEach(async () => {
  await rm(out, { recursive: true })
})

interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

async function run(...args: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const closed = once(child, 'close')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  await closed
  return { code: child.exitCode, stdout, stderr }
}

const small = ['--transfers', '2000', '--window-days', '5', '--seed', '3']

/** Starts a long run and waits until it has written some of its transfers. */
async function startLong(): Promise<ReturnType<typeof spawn>> {
  const args = [
    'dataset',
    'generate',
    '--out',
    out,
    '--seed',
    '3',
    '--transfers',
    isSoak ? '2000000' : '400000',
  ]
  const child = spawn(process.execPath, [program, ...args], { stdio: 'ignore' })
  for (;;) {
    const [partial] = await readdir(out)
    const written = partial === undefined ? [] : await readdir(join(out, partial), { recursive: true })
    if (written.some((name) => name.endsWith('transfers.parquet'))) break
    await sleep(20)
  }
  // More of it than its beginning, but far from its end.
  await sleep(isSoak ? 300 : 50)
  return child
}

describe('benchmark dataset', () => {
  it('generates, does nothing the second time, and describes', async () => {
    const first = await run('dataset', 'generate', '--out', out, ...small)
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('Wrote torus-2025-08-01-5d') })
    const second = await run('dataset', 'generate', '--out', out, ...small, '--json')
    expect(second.code).toBe(0)
    expect(JSON.parse(second.stdout)).toMatchObject({
      isNew: false,
      snapshot: { counts: { transfers: 2000 } },
    })
    const described = await run('dataset', 'describe', out)
    expect(described.stdout).toMatch(/2,000 transfers/)
    expect(described.stdout).toMatch(/activity_span_days.*0\.\d{3}/)
  })

  const badFlags: readonly [flag: string, args: readonly string[]][] = [
    ['--date', ['--date', '2025-02-30']],
    ['--network', ['--network', 'To rus']],
    ['--transfers', ['--transfers', '0']],
    ['--window-days', ['--window-days', '0']],
    ['--format', ['--format', 'xml']],
  ]
  // Each has its test beside the options' source; here it is what a process makes of one.
  it.each(isSoak ? badFlags : badFlags.slice(0, 1))(
    'refuses a bad %s with exit code 2 and writes nothing',
    async (flag, args) => {
      const { code, stdout, stderr } = await run(
        'dataset',
        'generate',
        '--out',
        join(out, 'new'),
        ...small,
        ...args,
      )
      expect(code).toBe(2)
      expect(stdout).toBe('')
      expect(stderr).toContain(`${flag}: ${JSON.stringify(args[1])}`)
      expect(await readdir(out)).toEqual([])
    },
  )

  it('refuses an output folder that cannot be, and an unknown or missing flag', async () => {
    await writeFile(join(out, 'file'), '')
    const blocked = await run('dataset', 'generate', '--out', join(out, 'file', 'below'), ...small)
    expect(blocked).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--out: .*cannot be written.*; give a folder/),
    })
    expect(await run('dataset', 'generate', '--out', out, ...small, '--colour')).toMatchObject({ code: 2 })
    const missing = await run('dataset', 'generate', '--out', out)
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('--seed') })
    expect(await readdir(out)).toEqual(['file'])
  })

  it('shows examples in its help', async () => {
    const { code, stdout } = await run('dataset', 'generate', '--help')
    expect(code).toBe(0)
    expect(stdout).toContain('$ benchmark dataset generate --out ./worlds --seed 42')
  })

  it('streams: a heap that could not hold the rows is enough', { timeout: 600_000 }, async () => {
    const [transfers, heapMib] = isSoak ? [1_000_000, 180] : [150_000, 110]
    const args = [
      'dataset',
      'generate',
      '--out',
      out,
      '--seed',
      '3',
      '--transfers',
      String(transfers),
      '--format',
      'csv',
    ]
    const heap = `--max-old-space-size=${heapMib}`
    const child = spawn(process.execPath, [heap, program, ...args], { stdio: 'ignore' })
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it(
    'leaves nothing to see after kill -9, and the next run cleans up and succeeds',
    { timeout: 120_000 },
    async () => {
      const child = await startLong()
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
      const left = await readdir(out)
      expect(left).toHaveLength(1)
      expect(left[0]).toMatch(/^\.partial-/)
      expect(await run('dataset', 'describe', out)).toMatchObject({ code: 2 })
      expect(await run('dataset', 'generate', '--out', out, ...small)).toMatchObject({ code: 0 })
      expect((await readdir(out)).sort()).toEqual(['snapshot', 'truth'])
    },
  )

  it('ends on Ctrl-C with 130 and an empty folder', { timeout: 120_000 }, async () => {
    const child = await startLong()
    const exited = once(child, 'exit')
    child.kill('SIGINT')
    expect((await exited)[0]).toBe(130)
    expect(await readdir(out)).toEqual([])
  })
})
