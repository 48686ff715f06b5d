import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { isStorageError } from '../errors/storage-error.ts'
import type { Agent } from '../models/agent.ts'
import type { AgentRepository } from '../repositories/agent-repository.ts'
import { MAX_CLOCK_SKEW_MS } from '../rules/clock-skew.ts'
import { agentNow as now, agentTime, buildAgent, newUuid } from './agent-builders.ts'
import type { AgentRegistryContractOptions } from './agent-registry.ts'
import { nastyTexts } from './nasty-values.ts'
import { expectInvalid } from './sample-suite.ts'
import { newHotkey } from './weight-record-builders.ts'

/** What is true of an {@link AgentRepository} on one store only. */
export interface AgentContractOptions extends AgentRegistryContractOptions {
  /**
   * How many first uploads of one hotkey come at once; one must win. 0 for a store that decides no races, and answers
   * from its rows.
   */
  readonly uploadsAtOnce: number
}

/** Everything that an implementation of {@link AgentRepository} must hold, on a real engine. */
export function agentRepositoryContract(options: AgentContractOptions): void {
  describe('agent repository contract', () => {
    let agents: AgentRepository
    beforeAll(async () => {
      agents = (await options.setup()).agents
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    const put = async (fields: Partial<Agent> = {}): Promise<Agent> =>
      agents.put({ agent: buildAgent(fields), now })

    it('finds nothing that is not there', async () => {
      expect(await agents.find({ agentId: newUuid() })).toBeNull()
      expect(await agents.findByHotkey({ minerHotkey: newHotkey() })).toBeNull()
    })

    it.each([
      { name: nastyTexts.slice(0, 9).join('') },
      { name: nastyTexts.slice(9).join('') },
      { latestVersion: 999_999, createdAt: new Date(0), lastUpdated: agentTime(MAX_CLOCK_SKEW_MS) },
      { minerHotkey: 'Z'.repeat(64), name: 'x'.repeat(256) },
    ])('gives an agent back exactly: %j', async (fields) => {
      const agent = buildAgent(fields)
      expect(await agents.put({ agent, now })).toStrictEqual(agent)
      expect(await agents.find(agent)).toStrictEqual(agent)
      expect(await agents.findByHotkey(agent)).toStrictEqual(agent)
    })

    it('tells hotkeys apart by case and by what follows', async () => {
      const { minerHotkey } = await put()
      expect(await agents.findByHotkey({ minerHotkey: minerHotkey.toUpperCase() })).toBeNull()
      expect(await agents.findByHotkey({ minerHotkey: minerHotkey.slice(0, -1) })).toBeNull()
    })

    it('keeps what was stored first, and takes what an upload changes, back in time too', async () => {
      const first = await put()
      const again = buildAgent({
        agentId: first.agentId,
        name: 'renamed',
        latestVersion: 4,
        createdAt: agentTime(-9),
        lastUpdated: agentTime(5),
      })
      const wanted = { ...first, latestVersion: 4, lastUpdated: agentTime(5) }
      expect(await agents.put({ agent: again, now })).toStrictEqual(wanted)
      expect(await agents.find(first)).toStrictEqual(wanted)
      expect(await agents.findByHotkey(again)).toBeNull()
      expect(await agents.put({ agent: first, now })).toStrictEqual(first)
    })

    it('gives a hotkey one agent: a second id is told the first', async () => {
      const first = await put()
      const second = buildAgent({ minerHotkey: first.minerHotkey })
      await expect(agents.put({ agent: second, now })).rejects.toMatchObject({
        code: 'conflict',
        details: { reason: 'hotkey_taken', agentId: first.agentId },
      })
      expect(await agents.find(second)).toBeNull()
      expect(await agents.findByHotkey(first)).toStrictEqual(first)
    })

    it('lets an agent take the hotkey that another first named in vain', async () => {
      const first = await put()
      const other = buildAgent({ agentId: first.agentId })
      await agents.put({ agent: other, now })
      const heir = buildAgent({ minerHotkey: other.minerHotkey })
      expect(await agents.put({ agent: heir, now })).toStrictEqual(heir)
    })

    it.each([options.uploadsAtOnce].filter((uploads) => uploads > 0))(
      'makes exactly one agent of %i first uploads of one hotkey at once',
      async (uploads) => {
        const minerHotkey = newHotkey()
        const before = await agents.count()
        const outcomes = await Promise.allSettled(
          Array.from({ length: uploads }, async () => put({ minerHotkey })),
        )
        const winners = outcomes.filter(({ status }) => status === 'fulfilled')
        expect(winners).toHaveLength(1)
        const held = await agents.findByHotkey({ minerHotkey })
        for (const outcome of outcomes) {
          if (outcome.status === 'fulfilled') expect(outcome.value).toStrictEqual(held)
          else expect(isStorageError(outcome.reason, 'conflict')).toBe(true)
        }
        expect(await agents.count()).toBe(before + 1)
      },
    )

    it('counts agents, not puts', async () => {
      const before = await agents.count()
      const agent = await put()
      await agents.put({ agent: { ...agent, latestVersion: 1 }, now })
      await put()
      expect(await agents.count()).toBe(before + 2)
    })

    it.each<readonly [string, Partial<Agent>]>([
      ['an id of another kind', { agentId: '0123456789abcdef0123456789abcdef' }],
      ['an id in upper case', { agentId: 'A0000001-0000-4000-8000-000000000001' }],
      ['a hotkey with a quote', { minerHotkey: "a'b" }],
      ['no name', { name: '' }],
      ['half a surrogate pair', { name: '\ud800' }],
      ['a version before the first', { latestVersion: -1 }],
      ['half a version', { latestVersion: 0.5 }],
      ['no time', { createdAt: new Date(Number.NaN) }],
      ['a birth to come', { createdAt: agentTime(MAX_CLOCK_SKEW_MS + 1) }],
      ['an upload to come', { lastUpdated: agentTime(MAX_CLOCK_SKEW_MS + 1) }],
    ])('refuses %s and stores nothing', async (_name, fields) => {
      const minerHotkey = newHotkey()
      await expectInvalid(put({ minerHotkey, ...fields }))
      expect(await agents.findByHotkey({ minerHotkey })).toBeNull()
    })

    it('refuses questions that make no sense', async () => {
      for (const agentId of ['', 'alpha', `${newUuid()} `]) await expectInvalid(agents.find({ agentId }))
      for (const minerHotkey of ['', 'a b', 'x'.repeat(65)]) {
        await expectInvalid(agents.findByHotkey({ minerHotkey }))
      }
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const reason = new Error('enough')
      const aborted = { signal: AbortSignal.abort(reason) }
      const agent = buildAgent()
      await expect(agents.put({ agent, now }, aborted)).rejects.toBe(reason)
      await expect(agents.find(agent, aborted)).rejects.toBe(reason)
      await expect(agents.findByHotkey(agent, aborted)).rejects.toBe(reason)
      await expect(agents.count(aborted)).rejects.toBe(reason)
      expect(await agents.find(agent)).toBeNull()
    })
  })
}
