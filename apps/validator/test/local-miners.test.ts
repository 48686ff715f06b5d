import { createClock } from '@subnetkit/core'
import { afterAll, describe, expect, it } from 'vitest'

import { createHttpMinerClient } from '../src/adapters/http-miner-client.ts'
import { createQuickjsSandbox } from '../src/adapters/quickjs-sandbox.ts'
import { publicKeyOf } from '@subnetkit/core/ss58'
import { createEnvironments } from '../src/environments/create-environments.ts'
import { replyOf } from '../src/local-miners/local-miner-reply.ts'
import { createSolvers } from '../src/local-miners/solve-task.ts'
import { type LocalMiner, startLocalMiners } from '../src/local-miners/start-local-miners.ts'
import type { MinerAnswer } from '../src/ports/miner-client.ts'

const clock = createClock({ now: Date.now, monotonicMs: () => performance.now() })
const client = createHttpMinerClient({
  clock,
  allowPrivate: true,
  limits: { totalMs: 20_000, tries: 2, retryDelayMs: 1 },
})
const environments = createEnvironments({
  sandbox: createQuickjsSandbox({ timeMs: 20_000 }),
  secret: 'hidden',
})
afterAll(async () => {
  await client.close()
  await environments.close()
})

const ask = async (miner: LocalMiner, name: string, taskId: number): Promise<MinerAnswer> => {
  const { prompt, seed } = environments.get(name).generate(taskId)
  const { hotkey, endpoint, modelName } = miner
  return await client.ask({ hotkey, endpoint, modelName, messages: prompt, seed })
}

const tasksEach = process.env['SUBNETKIT_SOAK'] === '1' ? 300 : 25

describe('local miners', () => {
  it('score by their skill, in each environment', async () => {
    await using local = await startLocalMiners({
      count: 3,
      seed: 1,
      secret: 'hidden',
      latencyMs: 1,
      faultShare: 0,
    })
    for (const { name } of environments.all) {
      const means = await Promise.all(
        local.miners.map(async (miner) => {
          let solved = 0
          for (let taskId = 0; taskId < tasksEach; taskId += 1) {
            const answer = await ask(miner, name, taskId)
            expect(answer.kind).toBe('answered')
            const content = answer.kind === 'answered' ? answer.content : ''
            solved += (await environments.get(name).verify({ taskId, answer: content })).score
          }
          return solved / tasksEach
        }),
      )
      const [weak = 0, middle = 0, strong = 0] = means
      expect(weak).toBeLessThan(middle)
      expect(middle).toBeLessThan(strong)
      for (const [index, miner] of local.miners.entries()) {
        expect(Math.abs((means[index] ?? 0) - (miner.skills.get(name) ?? 0))).toBeLessThan(0.25)
      }
    }
  })

  it('are the same for the same seed, with hotkeys that are valid addresses', async () => {
    await using first = await startLocalMiners({ count: 5, seed: 7 })
    await using second = await startLocalMiners({ count: 5, seed: 7 })
    await using other = await startLocalMiners({ count: 5, seed: 8 })
    const identity = ({ hotkey, skill }: LocalMiner): unknown => ({ hotkey, skill })
    expect(first.miners.map(identity)).toEqual(second.miners.map(identity))
    expect(first.miners.map(identity)).not.toEqual(other.miners.map(identity))
    expect(new Set(first.miners.map(({ hotkey }) => hotkey)).size).toBe(5)
    for (const { hotkey } of first.miners) expect(publicKeyOf(hotkey)).toHaveLength(32)
    const skills = first.miners.map(({ skill }) => skill)
    expect(skills.toSorted((a, b) => a - b)).toEqual(skills)
  })

  it('answer the same task the same way, whatever the order', () => {
    const profile = { skills: new Map([['sat', 0.5]]), skill: 0.5, typicalLatencyMs: 1, faultShare: 0.5 }
    const solvers = createSolvers('hidden')
    const replies = (ids: readonly number[]): readonly unknown[] =>
      ids.map((id) => {
        const { prompt, seed } = environments.get('sat').generate(id)
        return [id, replyOf('me', profile, solvers, { prompt: prompt.at(-1)?.content ?? '', seed })]
      })
    const ids = Array.from({ length: 10 }, (_, id) => id)
    expect(replies([...ids].reverse())).toEqual([...replies(ids)].reverse())
    expect(replyOf('me', profile, solvers, { prompt: 'Who are you?', seed: 1 })).toBeNull()
  })

  it('misbehave in every way that they can', async () => {
    await using local = await startLocalMiners({
      count: 1,
      seed: 3,
      secret: 'hidden',
      latencyMs: 1,
      faultShare: 1,
      stallMs: 20,
    })
    const seen = new Set<string>()
    for (const miner of local.miners) {
      for (let taskId = 0; taskId < 60; taskId += 1) {
        const answer = await ask(miner, 'deduction', taskId)
        seen.add(answer.kind === 'answered' ? 'answered' : answer.reason)
        expect(answer.kind).not.toBe('infrastructure_fault')
      }
    }
    const expected = [
      'answered',
      'bad_json',
      'no_content',
      'redirected',
      'reset',
      'server_error',
      'too_large',
      'wrong_type',
    ]
    expect([...seen].toSorted()).toEqual(expected)
  })

  it('refuse what they do not know', async () => {
    await using local = await startLocalMiners({ count: 1, seed: 1 })
    const [miner] = local.miners
    const messages = [{ role: 'user', content: 'Hello?' }]
    const endpoint = miner?.endpoint ?? ''
    const answer = await client.ask({ hotkey: 'x', endpoint, modelName: 'm', messages, seed: 1 })
    expect(answer).toMatchObject({ kind: 'miner_fault', reason: 'rejected' })
    const nobody = endpoint.replace('miner-0', 'miner-9')
    expect(
      await client.ask({ hotkey: 'x', endpoint: nobody, modelName: 'm', messages, seed: 1 }),
    ).toMatchObject({
      reason: 'rejected',
    })
  })

  it('end at once, whoever still waits', async () => {
    const local = await startLocalMiners({
      count: 1,
      seed: 1,
      secret: 'hidden',
      latencyMs: 30_000,
      faultShare: 0,
    })
    const [miner] = local.miners
    if (miner === undefined) throw new RangeError('no miner')
    const asking = ask(miner, 'sat', 0)
    await new Promise((resolve) => {
      setTimeout(resolve, 100)
    })
    await local.close()
    expect(await asking).toMatchObject({ kind: 'miner_fault', reason: 'reset' })
    await local.close()
  })

  it.each([
    [{ count: 0, seed: 1 }, 'local miners: count'],
    [{ count: 257, seed: 1 }, 'local miners: count'],
    [{ count: 1, seed: -1 }, 'local miners: seed'],
    [{ count: 1, seed: 1, faultShare: 2 }, 'local miners: faultShare'],
  ])('cannot be %j', async (params, message) => {
    await expect(startLocalMiners(params)).rejects.toThrow(message)
  })
})
