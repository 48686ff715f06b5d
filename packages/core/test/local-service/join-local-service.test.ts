import { once } from 'node:events'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { acquireFolderLock } from '../../src/local-service/folder-lock.ts'
import { readyFileSchema, type ReadyFile } from '../../src/local-service/ready-file.ts'
import { isAlive, spawnTypeScript, untilGone, type TestProgram } from '../spawn-typescript.ts'
import { joinFixture, startedPids, temporaryFolder } from './fixture-service.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const userProgram = new URL('fixture-user.ts', import.meta.url)
let temporary: Awaited<ReturnType<typeof temporaryFolder>>
let folder: string

beforeEach(async () => {
  temporary = await temporaryFolder()
  folder = join(temporary.path, 'data')
})
afterEach(async () => {
  for (const pid of await startedPids(folder)) await untilGone(pid, 15_000)
  await temporary[Symbol.asyncDispose]()
})

const readyPath = (): string => join(folder, 'fixture.ready.json')
const readReady = async (): Promise<ReadyFile> =>
  readyFileSchema.parse(JSON.parse(await readFile(readyPath(), 'utf8')))

const spawnUsers = (count: number): TestProgram[] =>
  Array.from({ length: count }, () => spawnTypeScript(userProgram, folder))

/** The pid of the service that a user program joined; its first line only says that it runs. */
async function servicePid(program: TestProgram | undefined): Promise<number> {
  await program?.line()
  return Number(await program?.line())
}

it('starts one service for all who ask, and ends it after the last', async () => {
  const first = await joinFixture(folder, { noteStop: true })
  const second = await joinFixture(folder)
  expect(first.info.greeting).toBe(`hello from ${first.pid}`)
  expect(second.pid).toBe(first.pid)
  await first.close()
  await sleep(600)
  expect(isAlive(first.pid)).toBe(true)
  await second.close()
  const took = await untilGone(first.pid, 3_000)
  expect(took).toBeGreaterThan(200)
  expect(first.lost.aborted).toBe(false)
  expect(await readFile(join(folder, 'stops.txt'), 'utf8')).toBe(`${first.pid}\n`)
  await expect(stat(readyPath())).rejects.toMatchObject({ code: 'ENOENT' })
})

it('ends when its folder is removed while it starts and nobody waits for it', async () => {
  const left = new AbortController()
  const joining = joinFixture(folder, { startMs: 60_000 }, { signal: left.signal })
  await expect.poll(async () => await startedPids(folder), { timeout: 10_000 }).toHaveLength(1)
  const [pid = 0] = await startedPids(folder)
  left.abort()
  await expect(joining).rejects.toMatchObject({ name: 'AbortError' })
  expect(isAlive(pid)).toBe(true)
  await rm(folder, { recursive: true })
  await untilGone(pid, 5_000)
})

it('starts again after the end', async () => {
  const first = await joinFixture(folder, {}, { lingerMs: 0 })
  await first.close()
  await untilGone(first.pid, 3_000)
  await using second = await joinFixture(folder)
  expect(await startedPids(folder)).toEqual([first.pid, second.pid])
})

it('never hands out a service that is about to end', async () => {
  const rounds = isSoak ? 300 : 10
  for (let round = 0; round < rounds; round += 1) {
    const service = await joinFixture(folder, {}, { lingerMs: 0 })
    await sleep(round % 3)
    expect(service.lost.aborted).toBe(false)
    expect(isAlive(service.pid)).toBe(true)
    await service.close()
  }
})

it('keeps what it writes to this user', async () => {
  await using _service = await joinFixture(folder)
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  for (const name of ['fixture.ready.json', 'fixture.lock', 'fixture.log']) {
    expect([name, (await stat(join(folder, name))).mode & 0o777]).toEqual([name, 0o600])
  }
})

it('outlives its starter, and ends when every user was killed', async () => {
  const [starter] = spawnUsers(1)
  const pid = await servicePid(starter)
  const [other] = spawnUsers(1)
  expect(await servicePid(other)).toBe(pid)
  await starter?.kill()
  await sleep(600)
  expect(isAlive(pid)).toBe(true)
  await other?.kill()
  await untilGone(pid, 3_000)
})

it('is one service for processes that start at the same moment', async () => {
  const rounds = isSoak ? 10 : 1
  for (let round = 0; round < rounds; round += 1) {
    const before = (await startedPids(folder)).length
    const programs = spawnUsers(isSoak ? 8 : 4)
    const pids = await Promise.all(programs.map((program) => servicePid(program)))
    expect(new Set(pids).size).toBe(1)
    expect((await startedPids(folder)).length).toBe(before + 1)
    await Promise.all(programs.map((program) => program.kill()))
    await untilGone(pids[0] ?? 0, 5_000)
  }
})

it('goes on starting for others when its starter is killed', async () => {
  const starter = spawnTypeScript(userProgram, folder, JSON.stringify({ startMs: 1_500 }))
  await starter.line()
  while ((await startedPids(folder)).length === 0) await sleep(10)
  await starter.kill()
  await using service = await joinFixture(folder)
  expect(await startedPids(folder)).toEqual([service.pid])
})

it('ends by itself when nobody comes', async () => {
  const abort = new AbortController()
  const joining = joinFixture(folder, { startMs: 300 }, { graceMs: 300, signal: abort.signal })
  while ((await startedPids(folder)).length === 0) await sleep(10)
  const reason = new Error('changed my mind')
  abort.abort(reason)
  await expect(joining).rejects.toBe(reason)
  const [pid = 0] = await startedPids(folder)
  await untilGone(pid, 3_000)
})

it('tells its users when it is killed, and the next join starts a new one', async () => {
  const rounds = isSoak ? 30 : 2
  for (let round = 0; round < rounds; round += 1) {
    const service = await joinFixture(folder)
    const lost = once(service.lost, 'abort')
    process.kill(service.pid, 'SIGKILL')
    await lost
    expect(service.lost.reason).toMatchObject({ code: 'unavailable', retryable: true })
    await using next = await joinFixture(folder)
    expect(next.pid).not.toBe(service.pid)
    process.kill(next.pid, 'SIGTERM')
    await untilGone(next.pid, 3_000)
  }
})

it('ends at once on SIGTERM, and leaves Ctrl-C to its users', async () => {
  const service = await joinFixture(folder, { noteStop: true })
  process.kill(service.pid, 'SIGINT')
  process.kill(service.pid, 'SIGHUP')
  await sleep(300)
  expect(isAlive(service.pid)).toBe(true)
  process.kill(service.pid, 'SIGTERM')
  await untilGone(service.pid, 2_000)
  expect(await readFile(join(folder, 'stops.txt'), 'utf8')).toBe(`${service.pid}\n`)
})

it.each([
  ['torn', (text: string) => text.slice(0, 20)],
  ['of another protocol', (text: string) => text.replace('"protocol":1', '"protocol":2')],
  ['with another token', (text: string) => text.replace(/"token":"..../, '"token":"zzzz')],
  ['of another service', (text: string) => text.replace('"name":"fixture"', '"name":"other"')],
  ['with other facts', (text: string) => text.replace('greeting', 'farewell')],
])('repairs a ready file that is %s', async (_title, damage) => {
  await using service = await joinFixture(folder)
  const text = await readFile(readyPath(), 'utf8')
  const damaged = damage(text)
  expect(damaged).not.toBe(text)
  await writeFile(readyPath(), damaged)
  await using again = await joinFixture(folder)
  expect(again.pid).toBe(service.pid)
  expect(await readFile(readyPath(), 'utf8')).toBe(text)
})

it('replaces a ready file that a killed service left, also when others have its pid and port by now', async () => {
  const first = await joinFixture(folder)
  const ready = await readReady()
  process.kill(first.pid, 'SIGKILL')
  await once(first.lost, 'abort')
  await using imposter = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.resume()
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
  })
  imposter.listen(0, '127.0.0.1')
  await once(imposter, 'listening')
  const address = imposter.address()
  const leasePort = address !== null && typeof address === 'object' ? address.port : 0
  await writeFile(readyPath(), JSON.stringify({ ...ready, pid: process.pid, leasePort }))
  await using second = await joinFixture(folder)
  expect(second.pid).not.toBe(process.pid)
  expect((await readReady()).pid).toBe(second.pid)
})

it('gives no lease without the token', async () => {
  await using service = await joinFixture(folder)
  const { leasePort, token } = await readReady()
  for (const words of [
    '\n',
    `${'0'.repeat(token.length)}\n`,
    `${token}!`,
    `${token}\nand more`,
    'GET / HTTP/1.1\r\n'.repeat(9),
  ]) {
    const socket = connect(leasePort, '127.0.0.1')
    let answer = ''
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => (answer += chunk.toString()))
    socket.end(words)
    await once(socket, 'close')
    expect(answer).toBe('')
  }
  expect(service.lost.aborted).toBe(false)
})

it('quotes what a service printed that could not start', async () => {
  await expect(joinFixture(folder, { failWith: 'no such engine here' })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('no such engine here'),
    details: { exitCode: 1, name: 'fixture', folder },
  })
})

it('lets the caller explain a failed start', async () => {
  const explained = new Error('explained')
  const explainFailure = ({ log }: { log: string }): Error | undefined =>
    log.includes('no such engine') ? explained : undefined
  await expect(joinFixture(folder, { failWith: 'no such engine' }, { explainFailure })).rejects.toBe(
    explained,
  )
})

it('gives up on a service that is not ready in time, and ends it', async () => {
  const joining = joinFixture(folder, { startMs: 60_000 }, { readyTimeoutMs: 700 })
  await expect(joining).rejects.toMatchObject({
    code: 'timeout',
    message: expect.stringContaining('fixture.log'),
  })
  const [pid = 0] = await startedPids(folder)
  await untilGone(pid, 2_000)
})

it('names what holds the folder and does not answer', async () => {
  await using _lock = await acquireFolderLock({ folder, name: 'fixture' })
  await expect(joinFixture(folder, {}, { readyTimeoutMs: 200 })).rejects.toMatchObject({
    code: 'locked',
    message: expect.stringContaining(`${folder}: fixture is held by process ${process.pid}`),
  })
})

it('does not keep its user alive', async () => {
  const program = spawnTypeScript(userProgram, folder)
  await program.line()
  const pid = Number(await program.line())
  program.child.stdin?.end()
  await once(program.child, 'exit')
  expect(program.child.exitCode).toBe(0)
  await untilGone(pid, 3_000)
})
