import { describe, expect, it } from 'vitest'

import { openTestStore, samplingTables, sharedEngine } from './fixtures/sampling-store.ts'
import {
  echoEnvironment,
  hotkeyOf,
  playMiners,
  rightAnswer,
  runRound,
  samplesOf,
  setUpSubnet,
} from './fixtures/sampling-subnet.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const size = isSoak ? { miners: 24, tasks: 60 } : { miners: 4, tasks: 8 }

const engine = sharedEngine()

const environments = [echoEnvironment('echo'), echoEnvironment('mirror')]
const hotkeys = Array.from({ length: size.miners }, (_, index) => hotkeyOf(index))
const ids = Array.from({ length: size.tasks }, (_, index) => index)

describe('a round of sampling', () => {
  it('takes each expected sample once, and what it did agrees with what is stored', async () => {
    await using store = await openTestStore(engine, { tables: samplingTables })
    const { repositories } = store
    await setUpSubnet(repositories, {
      miners: size.miners,
      environments: {
        echo: { samplingRange: [0, size.tasks], maxOpenTasks: 5 },
        mirror: { samplingRange: [10, 10 + size.tasks] },
      },
    })
    // The first miner knows every answer, the others fewer and fewer.
    const skill = new Map(hotkeys.map((hotkey, index) => [hotkey, 1 - index / size.miners]))
    const minerClient = playMiners((hotkey, taskId) =>
      (taskId % size.tasks) / size.tasks < (skill.get(hotkey) ?? 0)
        ? rightAnswer(taskId)
        : { kind: 'answered', content: 'no idea', latencyMs: 5, usage: {} },
    )
    const report = await runRound({ repositories, environments, minerClient })
    const expected = size.miners * size.tasks * 2
    expect(report).toMatchObject({
      isComplete: true,
      missing: 0,
      scopes: size.miners * 2,
      completeScopes: size.miners * 2,
      tasksCreated: expected,
      outcomes: { scored: expected, miner_fault: 0, infrastructure_fault: 0, superseded: 0 },
    })
    expect([...minerClient.asked.values()].every((times) => times >= 1)).toBe(true)
    expect([...minerClient.asked.values()].reduce((sum, times) => sum + times, 0)).toBe(expected)
    let better = Infinity
    for (const hotkey of hotkeys) {
      const samples = await samplesOf(repositories, hotkey, 'echo')
      expect(samples.map(({ taskId }) => taskId)).toEqual(ids)
      expect((await samplesOf(repositories, hotkey, 'mirror')).map(({ taskId }) => taskId)).toEqual(
        ids.map((id) => id + 10),
      )
      const mean = samples.reduce((sum, { score }) => sum + score, 0) / samples.length
      expect(mean).toBeLessThan(better)
      better = mean
      const miner = await repositories.miners.find({ hotkey })
      expect(miner?.statistics).toMatchObject({
        totalSamples: size.tasks * 2,
        successCount: size.tasks * 2,
        errorCount: 0,
      })
      const logs = await repositories.executionLogs.list({
        minerHotkey: hotkey,
        from: new Date(0),
        to: new Date(Date.now() + 1_000),
        now: new Date(),
        limit: 1_000,
      })
      expect(logs.items).toHaveLength(size.tasks * 2)
    }
  })
})
