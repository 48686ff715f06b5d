import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import net from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { StartedSandbox } from './sandbox-engines.ts'
import { castImage, type FinishedRun, type ProgramRun, runProgram, tasksWith } from './sandbox-runs.ts'

const MIB = 1_048_576
const secret = 'the-truth-is-here'

/** Where and how the suite runs. */
export interface HostileParams {
  readonly started: () => StartedSandbox
  /** What the cast was built FROM: the first for all programs, the last for those that need an engine. */
  readonly bases: readonly string[]
  /** Also what is the same code, or the same kernel, under every sandbox. */
  readonly isWhole: boolean
}

/** What programs may try, and what must come of it: to be called in a `describe`. */
export function hostilePrograms({ started, bases, isWhole }: HostileParams): void {
  const [plain = '', withEngine = plain] = bases.map((base) => castImage(base))
  const run = (program: string, more: Partial<ProgramRun> = {}): Promise<FinishedRun> =>
    runProgram(started(), { image: plain, ...more, program })

  describe('hostile programs', () => {
    beforeAll(() => {
      process.env['SUBNETKIT_TEST_SECRET'] = secret
    })
    afterAll(() => {
      delete process.env['SUBNETKIT_TEST_SECRET']
    })

    it('an honest one reads its input, finds its packages, writes its output and ends', async () => {
      const environment = { NETWORK: 'torus' }
      const { end, exitCode, files, refused, outputFolder, outputBytes, log, executionMs } = await run(
        'honest',
        { environment },
      )
      expect({ end, exitCode, files, refused, log }).toEqual({
        end: 'exited',
        exitCode: 0,
        files: ['patterns.jsonl'],
        refused: [],
        log: 'done\n',
      })
      const text = await readFile(join(outputFolder, 'patterns.jsonl'), 'utf8')
      expect(JSON.parse(text)).toEqual({
        input: 'transfers',
        network: 'torus',
        mode: 'fast',
        folder: '/app',
        packages: ['function', 'object'],
      })
      expect(outputBytes).toBe(text.length)
      expect(executionMs).toBeGreaterThan(10)
    })

    it('exit codes come through', async () => {
      // 125 is what container engines say of themselves.
      for (const code of isWhole ? [1, 3, 125, 255] : [125]) {
        const { end, exitCode } = await run('honest', { environment: { EXIT_CODE: `${code}` } })
        expect({ end, exitCode }).toEqual({ end: 'exited', exitCode: code })
      }
      const { end, exitCode } = await run('does-not-exist')
      expect({ end, exitCode }).toEqual({ end: 'exited', exitCode: 1 })
    })

    it('the engine of the second base image works inside', async () => {
      const limits = { memoryBytes: 2048 * MIB, pids: 256, tmpBytes: 512 * MIB, fileBytes: 512 * MIB }
      const { end, exitCode, last } = await run('engine', { image: withEngine, limits })
      expect({ end, exitCode, last }).toEqual({ end: 'exited', exitCode: 0, last: 499_500 })
    })

    it('there is no network: not outside, not this machine, not by name', async () => {
      const server = net.createServer((socket) => socket.end())
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve)
      })
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      const { last } = await run('network', { environment: { HOST_PORT: `${port}` } })
      server.close()
      expect(last).toEqual({
        tcp: expect.stringMatching(/ENETUNREACH|EPERM|EACCES/),
        host: 'ECONNREFUSED',
        udp: expect.stringMatching(/ENETUNREACH|EPERM|EACCES/),
        dns: expect.stringMatching(/EAI_AGAIN|ENOTFOUND|ECONNREFUSED|EAI_FAIL/),
        interfaces: [],
      })
    })

    it('a fork bomb stays within its processes, and none of them is left', async () => {
      const pids = 48
      const running = run('fork-bomb', { limits: { pids, timeLimitMs: 2500, memoryBytes: 512 * MIB } })
      const state = { isOver: false, most: 0 }
      const over = running.finally(() => {
        state.isOver = true
      })
      const word = 'PROGRAM=fork-bomb'
      while (!state.isOver) {
        state.most = Math.max(state.most, await tasksWith(word))
        await sleep(100)
      }
      const { end, token } = await over
      // The first process itself may die of not getting a thread; then all is over before its time.
      expect(end).toMatch(/timeout|exited|killed/)
      expect(state.most).toBeGreaterThan(0)
      expect(state.most).toBeLessThanOrEqual(pids + 4)
      expect(await tasksWith(token)).toBe(0)
    })

    it('memory ends where its limit is', async () => {
      const { end, exitCode } = await run('memory-eater', { limits: { memoryBytes: 96 * MIB } })
      expect({ end, exitCode }).toEqual({ end: 'out_of_memory', exitCode: null })
    })

    it('/tmp ends where its limit is', async () => {
      const { last } = await run('tmp-filler', { limits: { tmpBytes: 2 * MIB } })
      expect(last).toMatchObject({ code: 'ENOSPC' })
      expect(last).toHaveProperty('bytes', expect.any(Number))
      const bytes =
        typeof last === 'object' && last !== null && 'bytes' in last ? Number(last.bytes) : Number.NaN
      expect(bytes).toBeLessThanOrEqual(2 * MIB)
    })

    it('an output that is too large ends the run, as one file or as many', async () => {
      for (const how of isWhole ? ['bytes', 'files'] : ['bytes']) {
        const begin = performance.now()
        const result = await run('output-filler', {
          environment: { HOW: how },
          limits: { outputBytes: MIB, fileBytes: 64 * MIB },
        })
        expect(result).toMatchObject({ end: 'output_too_large', exitCode: null, files: [] })
        expect(await readdir(result.outputFolder)).toEqual([])
        expect(performance.now() - begin).toBeLessThan(30_000)
      }
    })

    it('a file cannot become larger than one may be', async () => {
      const limits = { fileBytes: 131_072 }
      const result = await run('output-filler', { environment: { HOW: 'file-limit' }, limits })
      expect(result).toMatchObject({ end: 'exited', files: ['patterns.jsonl'], outputBytes: 131_072 })
      expect(result.last).toEqual({ code: 'EFBIG' })
    })

    it('nothing of this machine can be read or written', async () => {
      const truth = join(started().place, 'truth')
      await mkdir(truth, { recursive: true })
      await writeFile(join(truth, 'patterns.jsonl'), secret)
      const hidden = [
        started().place,
        truth,
        join(truth, 'patterns.jsonl'),
        started().opening.folder,
        process.cwd(),
      ]
      const { last, exitCode, log } = await run('snoop', { environment: { WANTED: hidden.join(',') } })
      expect({ exitCode, log: exitCode === 0 ? '' : log }).toEqual({ exitCode: 0, log: '' })
      expect(last).toMatchObject({
        secret: false,
        written: [],
        descriptors: [],
        uid: 65_534,
        capabilities: ['0000000000000000', '0000000000000000', '0000000000000000'],
        noNewPrivileges: '1',
        seccomp: '2',
        input: ['transfers.parquet'],
      })
      const told = Object.entries(typeof last === 'object' && last !== null ? last : {})
      const facts = new Map<string, unknown>(told)
      const read: unknown = facts.get('read')
      for (const path of [
        ...hidden,
        '/etc/shadow',
        '/proc/1/root/etc/shadow',
        '/dev/mem',
        '/dev/kmsg',
        '/dev/vda',
      ]) {
        expect(read).not.toContain(path)
      }
      expect(JSON.stringify(facts.get('environment'))).not.toMatch(/SUBNETKIT|VITEST/)
      expect(facts.get('processes')).toBeLessThanOrEqual(3)
      expect([[], [65_534]]).toContainEqual(facts.get('groups'))
    })

    it('the kernel refuses what would open the sandbox', async () => {
      const limits = { memoryBytes: 512 * MIB }
      const { last, log } = await run('kernel-calls', { image: withEngine, limits })
      expect({ last, log: last === null ? log : '' }).toEqual({
        last: { ptrace: -1, unshare: -1, setns: -1, mount: -1, bpf: -1, setuid: -1, chroot: -1 },
        log: '',
      })
    })

    it('one that hears no signal and spins ends at its time', async () => {
      const begin = performance.now()
      const { end, exitCode, executionMs, log, token } = await run('deaf', { limits: { timeLimitMs: 1200 } })
      expect({ end, exitCode, log }).toEqual({ end: 'timeout', exitCode: null, log: 'deaf\n' })
      expect(executionMs).toBeGreaterThanOrEqual(1200)
      expect(performance.now() - begin).toBeLessThan(30_000)
      expect(await tasksWith(token)).toBe(0)
    })

    it('one that leaves daemons behind has left nothing: nothing writes after the end', async () => {
      const { end, files, token, outputFolder } = await run('daemon')
      expect({ end, files }).toEqual({ end: 'exited', files: ['late.jsonl', 'patterns.jsonl'] })
      expect(await tasksWith(token)).toBe(0)
      const before = await readFile(join(outputFolder, 'late.jsonl'))
      await sleep(150)
      expect(await readFile(join(outputFolder, 'late.jsonl'))).toEqual(before)
    })

    it('who is called off ends at once, and leaves nothing', async () => {
      const abort = new AbortController()
      const word = randomUUID()
      const running = run('deaf', { environment: { WORD: word }, signal: abort.signal })
      const settled = running.catch((error: unknown) => error)
      while ((await tasksWith(word)) === 0) await sleep(20)
      abort.abort(new Error('called off'))
      expect(await settled).toMatchObject({ message: 'called off' })
      expect(await tasksWith(word)).toBe(0)
    })

    it('names and images that cannot be are refused', async () => {
      await expect(
        runProgram(started(), { program: 'honest', image: 'subnetkit-cast/none:1' }),
      ).rejects.toMatchObject({
        name: 'StorageError',
        code: 'not_found',
      })
    })

    if (!isWhole) return

    it('links, pipes, folders and odd names are refused, and none is followed', async () => {
      const { end, files, refused, outputFolder } = await run('odd-output')
      expect(end).toBe('exited')
      expect(files).toEqual(['patterns.jsonl'])
      expect(await readdir(outputFolder)).toEqual(['patterns.jsonl'])
      const told = refused.join('\n')
      for (const name of [
        'shadow.jsonl',
        'root',
        'scores.jsonl',
        'first',
        'second',
        'folder',
        '-rf',
        'nnnn',
      ]) {
        expect(told).toContain(`"${name}`)
      }
      expect(told).toMatch(/"folder": a folder/)
      expect(told).toMatch(/"scores.jsonl": a symbolic link/)
      expect(told).toMatch(/"first": a file with more than one name/)
      expect(told).not.toMatch(/input\.jsonl|passwd\.jsonl/)
      expect(told.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
    })

    it('a flood of words is cut, and cleaned of what disturbs a terminal', async () => {
      const { end, log } = await run('log-flood', { limits: { logBytes: 5000 } })
      expect(end).toBe('exited')
      expect(Buffer.byteLength(log)).toBeLessThanOrEqual(5000)
      expect(log).toMatch(/^(red|\n)*(r|re)?$/)
      expect(log.length).toBeGreaterThan(100)
    })

    it('runs side by side do not see each other', async () => {
      const runs = await Promise.all([1, 2, 3].map(() => run('snoop')))
      for (const { last } of runs) expect(last).toMatchObject({ input: ['transfers.parquet'], secret: false })
    })
  })
}
