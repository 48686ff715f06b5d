import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'

import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import { InputError } from '../errors/input-error.ts'
import { StorageError } from '../errors/storage-error.ts'
import {
  dayFlags,
  dayFlagsSchema,
  defineCommand,
  type CommandOutcome,
  type CommandSession,
} from './define-command.ts'
import { createProgram, runProgram } from './run-program.ts'

function createHost(isTTY = false) {
  const stdout = new PassThrough()
  const stderr = Object.assign(new PassThrough(), { isTTY })
  const exits: number[] = []
  const host = Object.assign(new EventEmitter(), {
    stdout,
    stderr,
    exit: (code: number) => void exits.push(code),
    uptime: () => 0,
  })
  const text = (stream: PassThrough): string => String(stream.read() ?? '')
  return { host, exits, out: () => text(stdout), err: () => text(stderr) }
}

type Work = (options: unknown, session: CommandSession) => Promise<CommandOutcome>

async function call(work: Work, argv: string[], setting: { isTTY?: boolean; logLevel?: 'debug' } = {}) {
  const program = createProgram({
    name: 'aml-miner',
    version: '1.2.3',
    description: 'A miner’s day.',
    defaults: { dataDir: './.subnetkit', logLevel: setting.logLevel ?? 'info' },
    commands: [
      defineCommand({
        name: 'score',
        description: 'scores a day',
        options: dayFlagsSchema.extend({ folder: z.string().min(2) }),
        flags: (command) => dayFlags(command.argument('<folder>', 'where'), { windowDays: 7 }),
        run: work,
      }),
    ],
  })
  const { host, exits, out, err } = createHost(setting.isTTY)
  const code = await runProgram(program, argv, host)
  return { code, out: out(), err: err(), exits, host }
}

const good = ['score', 'in', '--network', 'torus', '--date', '2025-08-01']
const echo: Work = async (options) => ({
  value: { options, big: 2n ** 64n, at: new Date(0) },
  text: 'scored 60 alerts',
})

describe('runProgram', () => {
  it('prints the text for a person, and nothing else', async () => {
    expect(await call(echo, good)).toMatchObject({ code: 0, out: 'scored 60 alerts\n', err: '' })
  })

  it('prints a report of failures on stdout and exits with its code', async () => {
    const failed: Work = async () => ({ value: { failed: 3 }, text: '3 rows failed', exitCode: 1 })
    expect(await call(failed, good)).toMatchObject({ code: 1, out: '3 rows failed\n', err: '' })
    expect(await call(failed, [...good, '--json'])).toMatchObject({ code: 1, out: '{"failed":3}\n' })
  })

  it.each([[[...good, '--json']], [['--json', ...good]]])('prints one JSON document for %j', async (argv) => {
    const { code, out } = await call(echo, argv)
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual({
      options: { folder: 'in', network: 'torus', date: '2025-08-01', windowDays: 7 },
      big: '18446744073709551616',
      at: '1970-01-01T00:00:00.000Z',
    })
    expect(out.trimEnd().split('\n')).toHaveLength(1)
  })

  it.each([
    [['--date', '2025-02-30'], /^error: --date: "2025-02-30" is not a date that exists; /],
    [['--window-days', '1e3'], /^error: --window-days: "1e3" .*give an? (int|number)/],
    [['--window-days', '0'], /^error: --window-days: "0" .*use at least 1/],
    [['--network', 'Torus'], /^error: --network: "Torus" must be/],
    [['--nettwork', 'x'], /unknown option '--nettwork'[\s\S]*--network[\s\S]*See aml-miner --help/],
    [['--log-level', 'loud'], /Allowed choices are debug, info/],
  ])('ends with 2 for %j and says what is wrong', async (extra, message) => {
    const { code, out, err } = await call(echo, [...good, ...extra])
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).toMatch(message)
    expect(err).not.toContain('    at ')
  })

  it('names a missing flag and a bad argument', async () => {
    expect((await call(echo, ['score', 'in', '--date', '2025-08-01'])).err).toMatch(
      /^error: --network: is missing; give/,
    )
    expect((await call(echo, ['score', 'x', ...good.slice(2)])).err).toMatch(
      /^error: <folder>: "x" .*use at least 2/,
    )
    expect((await call(echo, ['score', ...good.slice(2)])).err).toMatch(/missing required argument 'folder'/)
    expect((await call(echo, ['skore'])).err).toMatch(/unknown command 'skore'/)
  })

  it('prints bad input as the one JSON document too', async () => {
    const bad = await call(echo, [...good, '--date', 'today', '--json'])
    expect(bad.code).toBe(2)
    expect(JSON.parse(bad.out)).toEqual({
      error: {
        code: 'invalid_input',
        field: '--date',
        message: expect.stringContaining('--date: "today" must be YYYY-MM-DD'),
        hint: expect.any(String),
      },
    })
    const unknown = await call(echo, ['score', '--nope', '--json'])
    expect(unknown.code).toBe(2)
    expect(JSON.parse(unknown.out)).toMatchObject({
      error: { code: 'invalid_input', message: expect.stringMatching(/^unknown option '--nope'/) },
    })
  })

  it.each([
    [
      new InputError({ field: 'META.json', problem: 'is not JSON', hint: 'export it again' }),
      2,
      'invalid_input',
    ],
    [new StorageError({ code: 'unavailable', message: 'no answer from http://db:8123' }), 1, 'unavailable'],
    [new RangeError('broken'), 1, 'internal'],
  ])('maps %s to its exit code', async (failure, code, name) => {
    const work: Work = async () => await Promise.reject(failure)
    const plain = await call(work, good)
    expect(plain).toMatchObject({ code, out: '', err: `error: ${failure.message}\n` })
    const json = await call(work, [...good, '--json'])
    expect(json.code).toBe(code)
    expect(JSON.parse(json.out)).toMatchObject({ error: { code: name, message: failure.message } })
  })

  it('shows the stack only when asked', async () => {
    const work: Work = async () => await Promise.reject(new RangeError('broken'))
    expect((await call(work, [...good, '--log-level', 'debug'])).err).toContain('run-program.test.ts')
    expect((await call(work, good, { logLevel: 'debug' })).err).toContain('run-program.test.ts')
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('lets the step end on %s, ends with %i, and leaves at once on the second', async (name, expected) => {
    const { host, exits, err } = createHost()
    const program = createProgram({
      name: 'aml-miner',
      version: '1',
      description: '',
      defaults: { dataDir: '.', logLevel: 'info' },
      commands: [
        defineCommand({
          name: 'wait',
          description: '',
          options: z.strictObject({}),
          run: async (_options, { signal }) => {
            host.emit(name)
            expect(exits).toEqual([])
            host.emit(name)
            signal.throwIfAborted()
            return { value: null, text: '' }
          },
        }),
      ],
    })
    expect(await runProgram(program, ['wait'], host)).toBe(expected)
    expect(exits).toEqual([expected])
    expect(err()).toBe(`error: interrupted by ${name}\n`)
    expect(host.listenerCount(name)).toBe(0)
  })

  it('prints version and help on stdout', async () => {
    expect(await call(echo, ['--version'])).toMatchObject({ code: 0, out: '1.2.3\n' })
    const help = await call(echo, ['score', '--help'])
    expect(help.code).toBe(0)
    expect(help.out).toContain('--window-days <days>')
    const none = await call(echo, [])
    expect(none.code).toBe(2)
    expect(none.err).toContain('Usage: aml-miner')
  })

  it('logs JSON lines to stderr in a pipe, and nothing but errors when quiet', async () => {
    const work: Work = async (_options, { log, progress, signal, dataDir }) => {
      log.info({ dataDir }, 'opened')
      progress({ done: 0, total: 2, unit: 'alerts', stage: 'score' })
      progress({ done: 1, total: 2, unit: 'alerts', stage: 'score' })
      progress({ done: 2, total: 2, unit: 'alerts', stage: 'score' })
      expect(signal.aborted).toBe(false)
      return { value: 1, text: 'done' }
    }
    const { err, out } = await call(work, [...good, '--data-dir', '/tmp/x'])
    expect(out).toBe('done\n')
    const lines = err
      .trimEnd()
      .split('\n')
      .map((line): Record<string, unknown> => JSON.parse(line))
    expect(lines.map(({ msg }) => msg)).toEqual([
      'opened',
      'score: 0 of 2 alerts (0 %)',
      'score: 2 of 2 alerts (100 %)',
    ])
    expect(lines[0]).toMatchObject({ service: 'aml-miner-torus-score', dataDir: '/tmp/x' })
    expect((await call(work, [...good, '--quiet'])).err).toBe('')
  })

  it('takes the bar away before the result on a terminal', async () => {
    const work: Work = async (_options, { log, progress }) => {
      progress({ done: 1, total: 4, unit: 'alerts', stage: 'score' })
      log.warn({}, 'slow store')
      progress({ done: 2, total: null, unit: 'rows' })
      return { value: 1, text: 'done' }
    }
    const { err, out } = await call(work, good, { isTTY: true })
    expect(out).toBe('done\n')
    expect(err).toContain('score: 1 of 4 alerts (25 %)')
    expect(err).toMatch(/WARN.*slow store/)
  })

  it('does not fail when the reader of its results goes away', async () => {
    const { host } = createHost()
    const work: Work = async () => {
      host.stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
      return { value: 1, text: 'done' }
    }
    const command = defineCommand({ name: 'x', description: '', options: z.strictObject({}), run: work })
    const program = createProgram({
      name: 'p',
      version: '1',
      description: '',
      defaults: { dataDir: '.', logLevel: 'info' },
      commands: [command],
    })
    expect(await runProgram(program, ['x'], host)).toBe(0)
    expect(() => host.stdout.emit('error', new Error('disk full'))).toThrow('disk full')
  })
})
