import type { Evaluation } from '@subnetkit/core'
import {
  agentNow as now,
  agentTime,
  beginOne,
  buildAgent,
  buildAgentVersion,
  buildWeightsSnapshot,
  createEvaluation,
  finishCompleted,
  newHotkey,
  report,
  runsOf,
  storeVersion,
} from '@subnetkit/core/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { createDynamoRepositories, type DynamoRepositories } from '../src/index.ts'
import { agentTables } from './agent-tables.ts'
import { killAtEachWrite } from './dying-connection.ts'
import { describeOnEachEngineInSoak } from './engine.ts'
import { openConnection, type TestConnection } from './open-connection.ts'

describeOnEachEngineInSoak('the agent registry, killed at each write', (engine) => {
  let opened: TestConnection
  let alive: DynamoRepositories
  beforeAll(async () => {
    opened = await openConnection(engine, agentTables)
    alive = createDynamoRepositories(opened.connection)
  })
  afterAll(async () => {
    await opened.close()
  })
  const nothingLeft = { interrupted: 0, reopened: 0 }
  const sweep = async ({ validatorHotkey }: Evaluation): Promise<unknown> =>
    alive.evaluations.sweep({ validatorHotkey, startedBefore: new Date(0), now: agentTime(30_000) })
  /** A running evaluation with one run that is solved and one that is open. */
  const beginWithRuns = async (): Promise<Evaluation> => {
    const evaluation = await beginOne(alive)
    await report(alive, evaluation, { swebenchInstanceId: 'solved' })
    const open = { status: 'started', solved: null, resultScoredAt: null } as const
    await report(alive, evaluation, { swebenchInstanceId: 'open', ...open })
    return evaluation
  }
  const statesOf = async (evaluation: Evaluation): Promise<readonly string[]> =>
    (await runsOf(alive, evaluation)).map(({ status, solved }) => `${status} ${String(solved)}`)

  it('gives a hotkey its agent: the same id finishes, another one is told of it', async () => {
    const cuts = await killAtEachWrite(opened.connection, async (dying) => {
      const agent = buildAgent()
      const before = await alive.agents.count()
      const other = buildAgent({ minerHotkey: agent.minerHotkey })
      return {
        work: createDynamoRepositories(dying).agents.put({ agent, now }),
        check: async () => {
          const found = await alive.agents.findByHotkey(agent)
          expect([null, agent]).toContainEqual(found)
          expect(await alive.agents.find(agent)).toStrictEqual(found)
          expect(await alive.agents.put({ agent, now })).toStrictEqual(agent)
          await expect(alive.agents.put({ agent: other, now })).rejects.toMatchObject({
            code: 'conflict',
            details: { agentId: agent.agentId },
          })
          expect(await alive.agents.count()).toBe(before + 1)
        },
      }
    })
    expect(cuts).toBe(2)
  })

  it('tells whoever comes after a claim without agent which id may finish it', async () => {
    const agent = buildAgent()
    const other = buildAgent({ minerHotkey: agent.minerHotkey })
    const { documents } = opened.connection
    const died = new Error('killed here')
    const update = async (): Promise<never> => {
      throw died
    }
    const dying = { ...documents, update }
    const dead = createDynamoRepositories({ ...opened.connection, documents: dying })
    await expect(dead.agents.put({ agent, now })).rejects.toBe(died)
    expect(await alive.agents.findByHotkey(agent)).toBeNull()
    await expect(alive.agents.put({ agent: other, now })).rejects.toMatchObject({
      code: 'conflict',
      details: { agentId: agent.agentId },
    })
    expect(await alive.agents.put({ agent: { ...other, agentId: agent.agentId }, now })).toMatchObject({
      agentId: agent.agentId,
      minerHotkey: agent.minerHotkey,
    })
  })

  it('lets no agent hold a hotkey that it named while it got another', async () => {
    const agentId = buildAgent().agentId
    const hotkeys = Array.from({ length: 4 }, () => newHotkey())
    const agents = hotkeys.map((minerHotkey) => buildAgent({ agentId, minerHotkey }))
    const stored = await Promise.all(agents.map(async (agent) => alive.agents.put({ agent, now })))
    expect(new Set(stored.map(({ minerHotkey }) => minerHotkey)).size).toBe(1)
    for (const minerHotkey of hotkeys) {
      if (minerHotkey === stored[0]?.minerHotkey) continue
      const heir = buildAgent({ minerHotkey })
      expect(await alive.agents.put({ agent: heir, now })).toStrictEqual(heir)
    }
  })

  it('stores a version whole, or not at all until it is stored again', async () => {
    const { agentId } = await alive.agents.put({ agent: buildAgent(), now })
    const cuts = await killAtEachWrite(opened.connection, async (dying) => {
      const version = buildAgentVersion({ agentId, score: 0.5 })
      return {
        work: createDynamoRepositories(dying).agentVersions.put({ version, now }),
        check: async () => {
          expect([null, version]).toContainEqual(await alive.agentVersions.find(version))
          expect(await alive.agentVersions.put({ version, now })).toStrictEqual(version)
          expect(await alive.agentVersions.findLatest(version)).toStrictEqual(version)
        },
      }
    })
    expect(cuts).toBe(2)
  })

  it('stores a snapshot whole, or not at all until it is stored again', async () => {
    let made = 0
    const cuts = await killAtEachWrite(opened.connection, async (dying) => {
      made += 1
      const snapshot = buildWeightsSnapshot({ timestamp: agentTime(made) })
      return {
        work: createDynamoRepositories(dying).weightsSnapshots.put({ snapshot, now }),
        check: async () => {
          await alive.weightsSnapshots.put({ snapshot, now })
          expect(await alive.weightsSnapshots.findLatest()).toStrictEqual(snapshot)
        },
      }
    })
    expect(cuts).toBe(2)
  })

  it('makes an evaluation that can be found, claimed and ended', async () => {
    const cuts = await killAtEachWrite(opened.connection, async (dying) => {
      const versionId = await storeVersion(alive)
      const wanted = { versionId, evaluationId: buildAgent().agentId, validatorHotkey: newHotkey() }
      return {
        work: createEvaluation({ ...alive, ...createDynamoRepositories(dying) }, wanted),
        check: async () => {
          const evaluation = await createEvaluation(alive, wanted)
          expect(await alive.evaluations.find(wanted)).toStrictEqual(evaluation)
          expect((await alive.evaluations.list({ versionId, limit: 9 })).items).toStrictEqual([evaluation])
        },
      }
    })
    expect(cuts).toBe(2)
  })

  it.each(['the validator', 'a sweep'])('ends an evaluation once, finished by %s', async (finisher) => {
    const cuts = await killAtEachWrite(opened.connection, async (dying) => {
      const evaluation = await beginWithRuns()
      return {
        work: finishCompleted(createDynamoRepositories(dying), evaluation),
        check: async () => {
          if (finisher === 'a sweep') await sweep(evaluation)
          const isEnded = (await alive.evaluations.find(evaluation))?.status === 'completed'
          if (finisher === 'the validator' || !isEnded) await finishCompleted(alive, evaluation)
          expect(await alive.evaluations.find(evaluation)).toMatchObject({ status: 'completed', score: 0.5 })
          expect(await alive.agentVersions.find(evaluation)).toMatchObject({ score: 0.5 })
          expect(await statesOf(evaluation)).toStrictEqual(['result_scored false', 'result_scored true'])
          expect(await sweep(evaluation)).toStrictEqual(nothingLeft)
        },
      }
    })
    expect(cuts).toBe(4)
  })

  it('interrupts an evaluation, and it waits for its next attempt with no run left open', async () => {
    const cuts = await killAtEachWrite(opened.connection, async (dying) => {
      const evaluation = await beginWithRuns()
      const { validatorHotkey } = evaluation
      const disconnect = { validatorHotkey, now: agentTime(20_000) }
      return {
        work: createDynamoRepositories(dying).evaluations.disconnect(disconnect),
        check: async () => {
          await alive.evaluations.disconnect(disconnect)
          const waiting = await alive.evaluations.find(evaluation)
          expect(waiting).toStrictEqual({ ...evaluation, status: 'waiting', attempt: 2, startedAt: null })
          expect(await statesOf(evaluation)).toStrictEqual(['cancelled null', 'result_scored true'])
          expect(await sweep(evaluation)).toStrictEqual(nothingLeft)
        },
      }
    })
    expect(cuts).toBe(3)
  })
})
