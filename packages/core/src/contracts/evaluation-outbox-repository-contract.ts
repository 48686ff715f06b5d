import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Repositories } from '../repositories/repositories.ts'
import type { RowOutbox, RowOutboxEntry } from '../repositories/evaluation-outbox-repository.ts'
import { agentNow as now, newUuid } from './agent-builders.ts'
import {
  beginOne,
  createEvaluation,
  finishCompleted,
  report,
  runsOf,
  type EvaluationStore,
} from './evaluation-suite.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { expectInvalid } from './sample-suite.ts'
import { existing } from './sampling-task-suite.ts'

/** The repositories that fill an outbox, and the outbox. */
export type EvaluationOutboxStore = EvaluationStore & Pick<Repositories, 'evaluationOutbox'>

/** Everything that an implementation of `EvaluationOutboxRepository` must hold, on a real engine. */
export function evaluationOutboxRepositoryContract(
  options: RepositoryContractOptions<EvaluationOutboxStore>,
): void {
  describe('evaluation outbox repository contract', () => {
    let store: EvaluationOutboxStore
    beforeAll(async () => {
      store = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    const entriesOf = async <Row>(outbox: RowOutbox<Row>, limit = 100): Promise<RowOutboxEntry<Row>[]> => {
      const entries: RowOutboxEntry<Row>[] = []
      let cursor: string | null = null
      do {
        const page: Awaited<ReturnType<typeof outbox.list>> = await outbox.list({ limit, cursor })
        expect(page.unreadable).toStrictEqual([])
        expect(page.entries.length).toBeLessThanOrEqual(limit)
        entries.push(...page.entries)
        cursor = page.nextCursor
      } while (cursor !== null)
      return entries
    }
    const drain = async <Row>(outbox: RowOutbox<Row>): Promise<void> => {
      expect(await outbox.settle({ entries: await entriesOf(outbox) })).toStrictEqual([])
    }

    it('has every row that was written, until it is settled', async () => {
      const { evaluations, evaluationRuns, agentVersions } = store.evaluationOutbox
      await Promise.all([drain(evaluations), drain(evaluationRuns), drain(agentVersions)])
      const waiting = await createEvaluation(store)
      const begun = await beginOne(store)
      await report(store, begun, { swebenchInstanceId: 'a' })
      await report(store, begun, { swebenchInstanceId: 'b', solved: false })
      const byId = (a: { evaluationId: string }, b: { evaluationId: string }): number =>
        a.evaluationId < b.evaluationId ? -1 : 1
      const rows = (await entriesOf(evaluations, 1)).map(({ row }) => row).toSorted(byId)
      expect(rows).toStrictEqual([waiting, begun].toSorted(byId))
      expect(await evaluations.count()).toBe(2)
      const runs = (await entriesOf(evaluationRuns)).map(({ row }) => row.swebenchInstanceId)
      expect(runs.toSorted()).toStrictEqual(['a', 'b'])
      expect(await agentVersions.count()).toBe(0)
      await Promise.all([drain(evaluations), drain(evaluationRuns)])
      expect(await entriesOf(evaluations)).toStrictEqual([])
      expect(await evaluationRuns.count()).toBe(0)
    })

    it('keeps what changed after it was read, and gives it as it is', async () => {
      const { evaluations, evaluationRuns, agentVersions } = store.evaluationOutbox
      const begun = await beginOne(store)
      await report(store, begun)
      const old = await entriesOf(evaluations)
      const oldRuns = await entriesOf(evaluationRuns)
      const finished = await finishCompleted(store, begun)
      const changed = await evaluations.settle({ entries: old })
      expect(changed.map(({ row }) => row)).toStrictEqual([finished])
      expect((await entriesOf(evaluations)).map(({ row }) => row)).toStrictEqual([finished])
      expect(await evaluations.settle({ entries: changed })).toStrictEqual([])
      // A row that was settled by somebody else meanwhile is told as well.
      expect((await evaluations.settle({ entries: old })).map(({ row }) => row)).toStrictEqual([finished])
      expect(await evaluationRuns.settle({ entries: oldRuns })).toStrictEqual([])
      expect((await runsOf(store, begun))[0]?.status).toBe('result_scored')
      const versions = await entriesOf(agentVersions)
      expect(versions.map(({ row }) => row)).toContainEqual(await store.agentVersions.find(begun))
      await drain(agentVersions)
    })

    it('has a version only when evaluations moved its score, and again when somebody did meanwhile', async () => {
      const { agentVersions } = store.evaluationOutbox
      await drain(agentVersions)
      const begun = await beginOne(store)
      expect(await agentVersions.count()).toBe(0)
      await report(store, begun, { solved: true })
      await finishCompleted(store, begun)
      const read = await entriesOf(agentVersions)
      const version = existing(await store.agentVersions.find(begun))
      expect(read.map(({ row }) => row)).toStrictEqual([{ ...version, score: 1 }])
      const put = await store.agentVersions.put({ version: { ...version, score: 0.25 }, now })
      const changed = await agentVersions.settle({ entries: read })
      expect(changed.map(({ row }) => row)).toStrictEqual([put])
      expect(await agentVersions.settle({ entries: changed })).toStrictEqual([])
      expect(await agentVersions.count()).toBe(0)
    })

    it('forgets nothing that is not there, and refuses foreign cursors', async () => {
      const { evaluations } = store.evaluationOutbox
      const row = { ...(await createEvaluation(store)), versionId: newUuid() }
      expect(await evaluations.settle({ entries: [{ row, mark: '1' }] })).toStrictEqual([])
      expect(await evaluations.settle({ entries: [{ row, mark: '0' }] })).toStrictEqual([])
      expect(await store.evaluations.list({ versionId: row.versionId, limit: 1 })).toMatchObject({
        items: [],
      })
      await expectInvalid(evaluations.list({ limit: 1, cursor: 'x' }))
      await expectInvalid(evaluations.list({ limit: 0 }))
    })
  })
}
