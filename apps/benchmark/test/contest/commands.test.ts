import { EventEmitter } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'

import { createProgram, runProgram } from '@subnetkit/core/cli'
import { startEmbeddedClickHouse } from '@subnetkit/storage-clickhouse'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { addSubmissionCommand } from '../../src/commands/add-submission-command.ts'
import { commandGroup } from '../../src/commands/command-group.ts'
import { listSubmissionsCommand } from '../../src/commands/list-submissions-command.ts'
import { rankCommand } from '../../src/commands/rank-command.ts'
import { tournamentCommands } from '../../src/commands/tournament-commands.ts'
import { weekCommand } from '../../src/commands/week-command.ts'
import { devHotkey } from '../../src/week/dev-hotkey.ts'

let folder = ''
let stop: () => Promise<void> = async () => undefined
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'benchmark-commands-'))
  // Holds the engine between the commands, each of which would start it anew.
  const engine = await startEmbeddedClickHouse({ folder })
  stop = async () => await engine.close()
}, 120_000)
afterAll(async () => {
  await stop()
  await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })
})

const program = createProgram({
  name: 'benchmark',
  version: '0.0.0',
  description: 'The commands of contests.',
  defaults: { dataDir: './unused', logLevel: 'error' },
  commands: [
    weekCommand,
    tournamentCommands,
    rankCommand,
    commandGroup('submission', 'the registry', [], [addSubmissionCommand, listSubmissionsCommand]),
  ],
})

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

async function run(...args: readonly string[]): Promise<Ran> {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const host = Object.assign(new EventEmitter(), { stdout, stderr, exit: () => undefined, uptime: () => 0 })
  const code = await runProgram(program, ['--data-dir', folder, ...args], host)
  return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') }
}

const hotkey = devHotkey('commands')
const miner = ['--hotkey', hotkey]
const created = ['tournament', 'create', '--name', 'By hand', '--registration-start', '2025-08-01']
const worlds = ['--networks', 'torus', '--windows', '30,90', '--transfers', '1000', '--days', '2']

describe('commands of contests', () => {
  it('enter, open, register, show and withdraw; nobody is told the seed', { timeout: 120_000 }, async () => {
    const repository = 'https://code.example.invalid/detector'
    const commit = 'a'.repeat(40)
    const add = ['submission', 'add', repository, ...miner, '--commit', commit]
    expect(await run(...add)).toMatchObject({ code: 0, out: expect.stringMatching(/^Added: .* pending\n$/) })
    expect(await run(...add)).toMatchObject({ code: 0, out: expect.stringMatching(/^Already there/) })
    expect((await run('submission', 'list')).out).toContain('pending')

    const made = await run(...created, ...worlds, '--seed', 'do-not-tell-anybody', '--json')
    expect(made).toMatchObject({ code: 0 })
    expect(made.out).not.toContain('do-not-tell-anybody')
    const { tournament } = JSON.parse(made.out)
    expect(tournament).toMatchObject({
      status: 'draft',
      registrationEnd: '2025-08-08',
      competitionStart: '2025-08-09',
      competitionEnd: '2025-08-10',
      testWindowDays: [30, 90],
      datasetSeed: null,
    })
    expect((await run(...created, ...worlds, '--days', '3')).code).toBe(2)

    const register = ['tournament', 'register', 'By hand', ...miner]
    expect(await run(...register)).toMatchObject({ code: 2, err: expect.stringContaining('is in draft') })
    expect(await run('tournament', 'register', 'Nowhere', ...miner)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/"Nowhere" is not known among tournaments of analytics submissions; .*list/),
    })
    expect((await run('tournament', 'show', 'By hand', '--image-type', 'ml')).err).toContain(
      '"By hand" is not',
    )
    expect(await run('tournament', 'withdraw', tournament.tournamentId, ...miner)).toMatchObject({ code: 2 })
    const shown = await run('tournament', 'show', 'By hand')
    expect(shown.out).toContain('nobody takes part yet')
    expect(shown.out).not.toContain('do-not-tell-anybody')
    const listed = JSON.parse((await run('tournament', 'list', '--json')).out)
    expect(listed.tournaments).toMatchObject([{ name: 'By hand', miners: 0, datasetSeed: null }])
    expect((await run('tournament', 'score', 'By hand')).err).toContain('is in draft, not in scoring')
    expect((await run('rank')).out).toBe('nothing is scored yet\n')

    const cancel = ['tournament', 'cancel', 'By hand', '--reason']
    expect(await run('tournament', 'cancel', 'By hand')).toMatchObject({ code: 2 })
    expect(await run(...cancel, ' ')).toMatchObject({ code: 2, err: expect.stringContaining('must say why') })
    const told = expect.stringMatching(/, cancelled\): .*\n {2}cancelled: its seed leaked\n/)
    expect(await run(...cancel, 'its seed leaked')).toMatchObject({ code: 0, out: told })
    expect(await run(...cancel, 'something else')).toMatchObject({ code: 0, out: told })
    expect(await run('tournament', 'show', 'By hand')).toMatchObject({ code: 0, out: told })
  })

  it.each([
    [['tournament', 'create', '--name', '../up'], /--name: "\.\.\/up" must be/],
    [['tournament', 'create', '--name', 'x', '--days', 'many'], /--days/],
    [['tournament', 'create', '--name', 'x', '--networks', 'Torus'], /--networks/],
    [['tournament', 'create', '--name', 'x', '--windows', '30,,90'], /--windows/],
    [['tournament', 'create', '--name', 'x', '--rule-set', 'none'], /use one of epoch, successor/],
    [['tournament', 'show', '../../etc'], /is neither an id nor a name/],
    [['submission', 'add', '/srv/code', '--hotkey', hotkey], /allow that with --allow-local/],
    [['submission', 'add', 'https://x.invalid/y', '--hotkey', '5abc'], /no SS58 address/],
    [
      ['week', '--name', 'x', '--start-date', '2025-08-01', '--miners', '/nowhere'],
      /"\/nowhere" is not there/,
    ],
    [['week', '--name', 'x', '--start-date', '2025-02-30', '--miners', '/nowhere'], /--start-date/],
  ])('refuse %j with exit code 2 and the way out', { timeout: 60_000 }, async (args, message) => {
    const { code, out, err } = await run(...args)
    expect(err).toMatch(message)
    expect({ code, out }).toEqual({ code: 2, out: '' })
  })

  it(
    'refuse to run anything where there is no sandbox, and name both ways out',
    { timeout: 60_000 },
    async () => {
      const miners = join(folder, 'miners.json')
      await writeFile(miners, JSON.stringify([{ hotkey, repository: 'https://x.invalid/y' }]))
      const before = process.env['DOCKER_HOST']
      process.env['DOCKER_HOST'] = 'unix:///nowhere/there-is-no-engine.sock'
      try {
        const week = ['week', '--name', 'x', '--start-date', '2025-08-01', '--miners', miners]
        const { code, err } = await run(...week, '--sandbox', 'container')
        expect(code).toBe(2)
        expect(err).toMatch(/bubblewrap/)
        expect(err).toMatch(/Docker|Podman|podman/)
      } finally {
        if (before === undefined) delete process.env['DOCKER_HOST']
        else process.env['DOCKER_HOST'] = before
      }
    },
  )
})
