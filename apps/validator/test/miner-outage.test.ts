import { createClock } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { createHttpMinerClient } from '../src/adapters/http-miner-client.ts'
import type { MinerAnswer, MinerClient } from '../src/ports/miner-client.ts'
import { completionBody, httpReply, startRawMiner } from './raw-miner.ts'

const clock = createClock({ now: Date.now, monotonicMs: () => performance.now() })
const newClient = (): ReturnType<typeof createHttpMinerClient> =>
  createHttpMinerClient({ clock, limits: { retryDelayMs: 1 }, allowPrivate: true })

const ask = async (endpoint: string, own: MinerClient): Promise<MinerAnswer> =>
  await own.ask({
    hotkey: '5miner',
    endpoint,
    modelName: 'model-a',
    messages: [{ role: 'user', content: '?' }],
    seed: 1,
  })

const fault = (reason: string, kind = 'miner_fault'): unknown => expect.objectContaining({ kind, reason })

describe('an outage', () => {
  const hosts = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5']
  const answering = (host: string): ReturnType<typeof startRawMiner> =>
    startRawMiner((socket) => socket.end(httpReply(completionBody('here'))), host)

  it('is ours while no other miner that was asked lately takes a connection, and over when one does', async () => {
    await using own = newClient()
    const miners = await Promise.all(hosts.map(answering))
    for (const { endpoint } of miners) expect(await ask(endpoint, own)).toMatchObject({ kind: 'answered' })
    const [one, ...others] = miners
    if (one === undefined) expect.unreachable()
    await one[Symbol.asyncDispose]()
    expect(await ask(one.endpoint, own)).toEqual(fault('refused'))
    await Promise.all(others.map((miner) => miner[Symbol.asyncDispose]()))
    expect(await ask(one.endpoint, own)).toEqual(fault('offline', 'infrastructure_fault'))
    await using back = await answering('127.0.0.6')
    expect(await ask(back.endpoint, own)).toMatchObject({ kind: 'answered' })
    expect(await ask(one.endpoint, own)).toEqual(fault('refused'))
  })

  it('that began before anybody was asked blames nobody once four addresses could not be reached', async () => {
    await using own = newClient()
    const kinds: string[] = []
    for (const host of hosts) kinds.push((await ask(`http://${host}:9/v1`, own)).kind)
    expect(kinds).toEqual(['miner_fault', 'miner_fault', 'miner_fault', 'infrastructure_fault'])
  })

  it('is not claimed by many miners behind one address', async () => {
    await using own = newClient()
    for (const port of [9, 11, 13, 17, 19]) {
      expect(await ask(`http://127.0.0.1:${port}/v1`, own)).toEqual(fault('refused'))
    }
  })

  it('is not claimed by any number of dead miners while one is up', async () => {
    await using own = newClient()
    await using up = await answering('127.0.0.2')
    expect(await ask(up.endpoint, own)).toMatchObject({ kind: 'answered' })
    for (let last = 10; last < 40; last += 1) {
      expect(await ask(`http://127.0.0.${last}:9/v1`, own)).toEqual(fault('refused'))
    }
  })
})
