import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { EXECUTION_LOG_DAYS, type ExecutionLog } from '../models/execution-log.ts'
import { executionOutcomes } from '../models/sampling-task.ts'
import type { ExecutionLogRepository, ExecutionLogScope } from '../repositories/execution-log-repository.ts'
import type { Page } from '../repositories/page.ts'
import { buildExecutionLog } from './execution-log-builders.ts'
import { nastyTexts } from './nasty-values.ts'

/** What an adapter gives to the suite. */
export interface ExecutionLogContractOptions {
  /** A repository over an empty store of its own; called once. */
  readonly setup: () => Promise<ExecutionLogRepository>
  readonly teardown?: () => Promise<void>
  /** A moment near the engine's own clock: engines with native expiry remove what is older than seven days. */
  readonly now: Date
}

/** Everything that an implementation of {@link ExecutionLogRepository} must hold, on a real engine. */
export function executionLogRepositoryContract(options: ExecutionLogContractOptions): void {
  describe('execution log repository contract', () => {
    const { now } = options
    let repository: ExecutionLogRepository
    let miners = 0
    const newMiner = (): string => `miner${(miners += 1)}`
    const ago = (ms: number): Date => new Date(now.getTime() - ms)
    const append = async (logs: readonly ExecutionLog[]): Promise<void> => {
      await Promise.all(logs.map((log) => repository.append({ log })))
    }
    const scope = (minerHotkey: string, fields: Partial<ExecutionLogScope> = {}): ExecutionLogScope => ({
      minerHotkey,
      from: ago(3_600_000),
      to: new Date(now.getTime() + 1),
      now,
      ...fields,
    })
    const list = async (
      minerHotkey: string,
      fields: Partial<ExecutionLogScope> = {},
    ): Promise<readonly ExecutionLog[]> =>
      (await repository.list({ ...scope(minerHotkey, fields), limit: 1_000 })).items

    beforeAll(async () => {
      repository = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })

    it.each([
      ['scored', { outcome: 'scored', error: null, score: 0.1 }],
      ['negative and tiny', { outcome: 'scored', error: null, score: -5e-324 }],
      ['failed', { outcome: 'miner_fault', error: { kind: 'timeout', message: '' }, score: 0 }],
      ['ours', { outcome: 'infrastructure_fault', error: { kind: 'dns', message: 'x' }, score: null }],
    ] as const)('keeps an attempt exactly: %s', async (_name, fields) => {
      const minerHotkey = newMiner()
      const log = buildExecutionLog({ minerHotkey, finishedAt: now, ...fields })
      await repository.append({ log })
      expect(await list(minerHotkey)).toStrictEqual([log])
    })

    it.each(nastyTexts)('keeps the message %j', async (message) => {
      const minerHotkey = newMiner()
      const error = { kind: 'other', message }
      await append([buildExecutionLog({ minerHotkey, outcome: 'miner_fault', error, finishedAt: now })])
      expect((await list(minerHotkey))[0]?.error).toStrictEqual(error)
    })

    it('logs an attempt once, and keeps different attempts of one moment apart', async () => {
      const minerHotkey = newMiner()
      const log = buildExecutionLog({ minerHotkey, finishedAt: now })
      const others = [
        { attempt: 2 },
        { taskId: 2 },
        { environment: 'a#b' },
        { generation: 2 },
        { modelRevision: 'b' },
      ]
      await append([log, log, ...others.map((change) => ({ ...log, ...change }))])
      await repository.append({ log: { ...log, worker: 'worker-2' } })
      const listed = await list(minerHotkey)
      expect(listed).toHaveLength(1 + others.length)
      expect(new Set(listed.map((one) => one.worker))).toStrictEqual(new Set(['worker-1']))
    })

    it('lists newest first, from the first moment and before the last', async () => {
      const minerHotkey = newMiner()
      const times = [4, 1, 3, 0, 2].map((step) => ago(step))
      await append(times.map((finishedAt) => buildExecutionLog({ minerHotkey, finishedAt })))
      const range = await list(minerHotkey, { from: ago(3), to: ago(1) })
      expect(range.map((log) => log.finishedAt)).toStrictEqual([ago(2), ago(3)])
      expect(await list(minerHotkey, { from: ago(1), to: ago(1) })).toStrictEqual([])
      expect(await list(newMiner())).toStrictEqual([])
    })

    it('fills pages of one outcome, without gaps or doubles', async () => {
      const minerHotkey = newMiner()
      const logs = Array.from({ length: 101 }, (_, index) =>
        buildExecutionLog({
          minerHotkey,
          taskId: index,
          finishedAt: ago(index * 10),
          outcome: executionOutcomes[index % 3] ?? 'scored',
        }),
      )
      await append(logs)
      const wanted = logs.filter((log) => log.outcome === 'miner_fault')
      const sizes: number[] = []
      const seen: ExecutionLog[] = []
      let cursor: string | null = null
      do {
        const page: Page<ExecutionLog> = await repository.list({
          ...scope(minerHotkey, { outcome: 'miner_fault' }),
          limit: 10,
          cursor,
        })
        sizes.push(page.items.length)
        seen.push(...page.items)
        cursor = page.nextCursor
      } while (cursor !== null)
      expect(seen).toStrictEqual(wanted)
      expect(sizes.slice(0, 3)).toStrictEqual([10, 10, 10])
      const streamed: ExecutionLog[] = []
      for await (const log of repository.stream(scope(minerHotkey))) streamed.push(log)
      expect(streamed).toStrictEqual(logs)
    })

    it('hides what is older than seven days', async () => {
      const minerHotkey = newMiner()
      const finishedAt = ago(1_000)
      await append([buildExecutionLog({ minerHotkey, finishedAt })])
      const end = finishedAt.getTime() + EXECUTION_LOG_DAYS * 86_400_000
      const seenAt = (ms: number): Promise<readonly ExecutionLog[]> =>
        list(minerHotkey, { now: new Date(ms) })
      expect(await seenAt(end - 1)).toHaveLength(1)
      expect(await seenAt(end + 1_000)).toHaveLength(0)
    })

    it('keeps miners apart that begin alike', async () => {
      const minerHotkey = newMiner()
      await append(
        [minerHotkey, `${minerHotkey}0`].map((hotkey) =>
          buildExecutionLog({ minerHotkey: hotkey, finishedAt: now }),
        ),
      )
      expect(await list(minerHotkey)).toHaveLength(1)
    })

    it.each<readonly [string, Partial<ExecutionLog>]>([
      ['attempt 0', { attempt: 0 }],
      ['a negative duration', { durationMs: -1 }],
      ['a score that is no number', { score: Number.NaN }],
      ['a kind that is no word', { error: { kind: 'Time out', message: '' } }],
      ['a time that is none', { finishedAt: new Date(Number.NaN) }],
      ['an environment with a space', { environment: 'a b' }],
    ])('refuses %s', async (_name, fields) => {
      await expectInvalid(
        repository.append({ log: buildExecutionLog({ minerHotkey: newMiner(), ...fields }) }),
      )
    })

    it('refuses a turned range, bad limits and cursors of another miner', async () => {
      const [first, second] = [newMiner(), newMiner()]
      await append([1, 2].map((taskId) => buildExecutionLog({ minerHotkey: first, taskId, finishedAt: now })))
      await expectInvalid(repository.list({ ...scope(first, { from: now, to: ago(1) }), limit: 1 }))
      for (const limit of [0, -1, 1.5, 10_001])
        await expectInvalid(repository.list({ ...scope(first), limit }))
      const { nextCursor: cursor } = await repository.list({ ...scope(first), limit: 1 })
      expect(cursor).not.toBeNull()
      await expectInvalid(repository.list({ ...scope(second), limit: 1, cursor }))
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const reason = new Error('enough')
      const signal = AbortSignal.abort(reason)
      await expect(repository.list({ ...scope(newMiner()), limit: 1 }, { signal })).rejects.toBe(reason)
      await expect(repository.append({ log: buildExecutionLog() }, { signal })).rejects.toBe(reason)
    })
  })
}

async function expectInvalid(call: Promise<unknown>): Promise<void> {
  await expect(call).rejects.toMatchObject({ code: 'invalid_input' })
}
