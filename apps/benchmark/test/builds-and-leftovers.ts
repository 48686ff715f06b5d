import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { describe, expect, it } from 'vitest'

import type { BundledProgram } from '../../../packages/core/test/bundle-program.ts'
import type { BuildResult } from '../src/ports/sandbox.ts'
import type { SandboxUnderTest, StartedSandbox } from './sandbox-engines.ts'
import { castImage, runProgram, tasksWith } from './sandbox-runs.ts'

const signal = new AbortController().signal

/** Where and how the suite runs. */
export interface BuildingParams {
  readonly under: SandboxUnderTest
  readonly started: () => StartedSandbox
  /** The base image that submissions build FROM here; the cast was built FROM it. */
  readonly base: string
  /** Starts a program in the sandbox and hangs: a process to be killed. */
  readonly victim: () => BundledProgram
  /** Whether base images were prepared, and not only made when they were needed. */
  readonly isPrepared: boolean
}

/** What is built, what is not, and what is left by whom died: to be called in a `describe`. */
export function buildsAndLeftovers({ under, started, base, victim, isPrepared }: BuildingParams): void {
  let images = 0

  describe('what is built and what is left', () => {
    const build = async (
      dockerfile: string,
      more: Readonly<{ files?: Record<string, string>; timeLimitMs?: number }> = {},
    ): Promise<BuildResult & { asked: string }> => {
      const tree = await mkdtemp(join(started().place, 'tree-'))
      for (const [name, text] of Object.entries(more.files ?? {})) {
        await mkdir(join(tree, name, '..'), { recursive: true })
        await writeFile(join(tree, name), text)
      }
      await writeFile(join(tree, 'Dockerfile'), dockerfile)
      const asked = `subnetkit-test/i${images++}:1`
      const timeLimitMs = more.timeLimitMs ?? 60_000
      return { ...(await started().sandbox.buildImage({ tree, image: asked, timeLimitMs, signal })), asked }
    }

    it.each([
      ['FROM debian:12\nENTRYPOINT ["node"]', /debian:12" is not a base image/],
      [`FROM ${base}\nCOPY ../secrets /app/\nENTRYPOINT ["node"]`, /line 2: .*leads out of the repository/],
      [`FROM ${base}\nCOPY --from=debian:12 /etc /app/\nENTRYPOINT ["node"]`, /line 2: .*--from/],
      [`FROM ${base}\nCOPY nothing.mjs /app/\nENTRYPOINT ["node"]`, /nothing\.mjs/],
      ['# syntax=evil/frontend\nFROM a', /line 1: .*syntax/],
      ['', /without a FROM/],
    ])('%j is not built, and the reason says why', async (dockerfile, reason) => {
      const result = await build(dockerfile)
      expect(result).toMatchObject({ isBuilt: false, reason: expect.stringMatching(reason) })
      expect(await started().sandbox.hasImage(result.asked)).toBe(false)
    })

    it('RUN is refused by name, but for Docker, where it has no network', async () => {
      const program =
        "require('net').connect(80, '1.1.1.1').once('error', (e) => { console.log(e.code); process.exit(9) })"
      const run = JSON.stringify(['node', '-e', program])
      const result = await build(`FROM ${base}\nRUN ${run}\nENTRYPOINT ["node"]`)
      const reason = under.name === 'docker' ? /9/ : /line 2: "RUN" is not possible/
      expect(result).toMatchObject({ isBuilt: false, reason: expect.stringMatching(reason) })
      if (!result.isBuilt && under.name === 'docker') expect(result.log).toMatch(/ENETUNREACH/)
    })

    it('a link in the tree is not followed', async () => {
      const tree = await mkdtemp(join(started().place, 'tree-'))
      await symlink('/etc/passwd', join(tree, 'passwd'))
      await writeFile(join(tree, 'Dockerfile'), `FROM ${base}\nCOPY . /app/\nENTRYPOINT ["node"]`)
      const image = 'subnetkit-test/linked:1'
      const result = await started().sandbox.buildImage({ tree, image, timeLimitMs: 60_000, signal })
      expect(result).toMatchObject({ isBuilt: false, reason: expect.stringMatching(/passwd" is a link/) })
    })

    it('a build that takes too long ends', async () => {
      const files = Object.fromEntries(Array.from({ length: 200 }, (_none, index) => [`f${index}/x`, 'x']))
      const dockerfile = `FROM ${base}\nCOPY . /app/\nENTRYPOINT ["node"]`
      const result = await build(dockerfile, { files, timeLimitMs: 1 })
      expect(result).toMatchObject({ isBuilt: false, reason: 'the build took longer than 1 ms' })
      expect(await started().sandbox.hasImage(result.asked)).toBe(false)
    })

    it('an image is there until it is removed, however often that is done', async () => {
      const { asked, isBuilt } = await build(`FROM ${base}\nENTRYPOINT ["node", "--version"]`)
      expect(isBuilt).toBe(true)
      expect(await started().sandbox.hasImage(asked)).toBe(true)
      await started().sandbox.removeImage(asked)
      await started().sandbox.removeImage(asked)
      expect(await started().sandbox.hasImage(asked)).toBe(false)
    })

    it('names that are paths are refused', async () => {
      const image = castImage(base)
      const run = started().sandbox.run({
        image,
        name: 'subnetkit-../../x',
        inputFolder: started().place,
        outputFolder: started().place,
        environment: {},
        limits: {
          memoryBytes: 1,
          cpus: 1,
          pids: 1,
          fileBytes: 1,
          outputBytes: 1,
          tmpBytes: 1,
          timeLimitMs: 1,
          logBytes: 1,
        },
        isGpuWanted: false,
        signal,
      })
      await expect(run).rejects.toMatchObject({ name: 'InputError', field: 'run name' })
    })

    it('what a killed process left is removed, and what lives is not', async () => {
      const { kind, folder, dockerHost } = started().opening
      const word = randomUUID()
      const child = spawn(
        process.execPath,
        [victim().main, kind, folder, dockerHost ?? '', started().place, castImage(base), word],
        {
          stdio: ['ignore', 'ignore', 'inherit'],
        },
      )
      const mounts = async (): Promise<number> =>
        (await readFile('/proc/self/mounts', 'utf8')).split('\n').filter((line) => line.includes(folder))
          .length
      try {
        // The program's own environment has the word; the victim has it in its arguments only.
        while ((await tasksWith(`WORD=${word}`)) === 0 && child.exitCode === null) await sleep(50)
        expect(child.exitCode).toBeNull()
        expect(await started().sandbox.removeLeftovers()).toEqual([])
        expect(await tasksWith(`WORD=${word}`)).toBeGreaterThan(0)
      } finally {
        child.kill('SIGKILL')
      }
      await new Promise((resolve) => {
        child.once('exit', resolve)
      })
      const removed = await started().sandbox.removeLeftovers()
      expect(removed).toEqual([expect.stringMatching(/^subnetkit-test-/)])
      expect(await tasksWith(`WORD=${word}`)).toBe(0)
      expect(await mounts()).toBe(0)
      const runs = join(folder, under.kind === 'bubblewrap' ? 'bubblewrap' : 'containers', 'runs')
      expect(await readdir(runs)).toEqual([])
      expect(await started().sandbox.removeLeftovers()).toEqual([])
      expect(await runProgram(started(), { program: 'honest', image: castImage(base) })).toMatchObject({
        end: 'exited',
        exitCode: 0,
      })
    }, 60_000)

    if (!isPrepared) return

    it('base images are made once', async () => {
      const begin = performance.now()
      expect(await started().sandbox.prepareBaseImages(signal)).toContain(base)
      expect(performance.now() - begin).toBeLessThan(3000)
    })
  })
}
