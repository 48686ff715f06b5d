import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { MinerDatabaseName } from '../models/miner-database.ts'
import type { JudgedPattern, JudgedScore, PlantedOutcome } from '../models/miner-output.ts'
import type { MinerOutputRepository } from '../repositories/miner-output-repository.ts'
import { newUuid } from './agent-builders.ts'
import { buildJudgedPattern, buildJudgedScore, buildPlantedOutcome } from './benchmark-builders.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { nastyIds, nastyTexts } from './nasty-values.ts'
import { expectInvalid, readPages } from './sample-suite.ts'

/** What the suite asks of an adapter beside the repository. */
export interface MinerOutputContractStore {
  readonly repository: MinerOutputRepository
  /** A name that nobody used; what is made under it is removed with the store. */
  newMinerDatabase(): MinerDatabaseName
}

const now = new Date('2026-02-03T04:05:06.345Z')
const MANY = 10_001

/** Everything that an implementation of {@link MinerOutputRepository} must hold, on a real engine. */
export function minerOutputRepositoryContract(
  options: RepositoryContractOptions<MinerOutputContractStore>,
): void {
  describe('miner output repository contract', () => {
    let outputs: MinerOutputRepository
    let newMinerDatabase: () => MinerDatabaseName
    /** One that all tests share which do not drop it. */
    let minerDatabase: MinerDatabaseName
    const prepare = async (name: MinerDatabaseName): Promise<readonly string[]> =>
      outputs.prepare({ minerDatabase: name, imageType: 'analytics', now })
    beforeAll(async () => {
      const store = await options.setup()
      outputs = store.repository
      newMinerDatabase = () => store.newMinerDatabase()
      minerDatabase = newMinerDatabase()
      await prepare(minerDatabase)
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    const patternsOf = async (
      runId: string,
      limit = 10_000,
      name = minerDatabase,
    ): Promise<readonly JudgedPattern[]> =>
      readPages(async (page) => outputs.listPatterns({ minerDatabase: name, runId, ...page }), limit)
    const plantedOf = async (runId: string, limit = 10_000): Promise<readonly PlantedOutcome[]> =>
      readPages(async (page) => outputs.listPlanted({ minerDatabase, runId, ...page }), limit)
    const scoresOf = async (runId: string, limit = 10_000): Promise<readonly JudgedScore[]> =>
      readPages(async (page) => outputs.listScores({ minerDatabase, runId, ...page }), limit)

    it('prepares a database once, also when several do it at once', async () => {
      const name = newMinerDatabase()
      const applied = await Promise.all([prepare(name), prepare(name), prepare(name)])
      expect(applied.some((files) => files.length > 0)).toBe(true)
      expect(await prepare(name)).toStrictEqual([])
      expect(await outputs.prepare({ minerDatabase: name, imageType: 'ml', now })).toStrictEqual([])
      expect(await patternsOf(newUuid(), 1, name)).toStrictEqual([])
    })

    it('names a database that was never prepared', async () => {
      const name = newMinerDatabase()
      const key = { minerDatabase: name, runId: newUuid() }
      for (const failing of [
        async () => outputs.listPatterns({ ...key, limit: 1 }),
        async () => outputs.listPlanted({ ...key, limit: 1 }),
        async () => outputs.listScores({ ...key, limit: 1 }),
        async () => outputs.putPatterns({ minerDatabase: name, rows: [buildJudgedPattern()] }),
        async () => outputs.putScores({ minerDatabase: name, rows: [buildJudgedScore()] }),
        async () => outputs.clear({ ...key, imageType: 'analytics' }),
        async () => outputs.clear({ ...key, imageType: 'ml' }),
      ]) {
        await expect(failing()).rejects.toMatchObject({
          code: 'missing_schema',
          message: expect.stringContaining(name),
        })
      }
    })

    it('drops a database with all that is in it, twice without harm, and makes it anew', async () => {
      const name = newMinerDatabase()
      await prepare(name)
      const row = buildJudgedPattern()
      await outputs.putPatterns({ minerDatabase: name, rows: [row] })
      expect(await patternsOf(row.runId, 9, name)).toStrictEqual([row])
      await outputs.drop({ minerDatabase: name })
      await outputs.drop({ minerDatabase: name })
      await expect(patternsOf(row.runId, 9, name)).rejects.toMatchObject({ code: 'missing_schema' })
      expect((await prepare(name)).length).toBeGreaterThan(0)
      expect(await patternsOf(row.runId, 9, name)).toStrictEqual([])
    })

    it('gives patterns back exactly, by row number, with any page size', async () => {
      const runId = newUuid()
      const rows = [
        ...nastyTexts.map((text) => ({
          patternType: text.slice(0, 64),
          explanation: text,
          addresses: [text, text],
        })),
        { patternType: '', explanation: '', addresses: [], plantedPattern: '', isAccepted: false },
        { addresses: Array.from({ length: 64 }, () => 'é'.repeat(128)), explanation: '漢'.repeat(500) },
      ].map((fields, index) => buildJudgedPattern({ runId, rowNumber: index + 1, ...fields }))
      rows.push(buildJudgedPattern({ runId, rowNumber: 4_294_967_295 }))
      const stored = await outputs.putPatterns({ minerDatabase, rows: rows.toReversed() })
      expect(stored).toStrictEqual({ rows: rows.length })
      for (const limit of [1, 5, 10_000]) expect(await patternsOf(runId, limit)).toStrictEqual(rows)
    })

    it('gives planted patterns back exactly, by name, with any page size', async () => {
      const runId = newUuid()
      const rows = nastyIds
        .map((plantedPattern, index) =>
          buildPlantedOutcome({
            runId,
            plantedPattern,
            addresses: nastyIds.slice(0, index),
            isFound: index % 2 === 0,
            foundByRow: index % 2 === 0 ? Number.MAX_SAFE_INTEGER : null,
          }),
        )
        .toSorted((a, b) => Buffer.compare(Buffer.from(a.plantedPattern), Buffer.from(b.plantedPattern)))
      rows.push(
        buildPlantedOutcome({
          runId,
          plantedPattern: '\u{10ffff}'.repeat(64),
          addresses: Array.from({ length: 1_000 }, (_unused, index) => `5Address${index}`),
        }),
      )
      expect(await outputs.putPlanted({ minerDatabase, rows: rows.toReversed() })).toStrictEqual({
        rows: rows.length,
      })
      for (const limit of [1, 5, 10_000]) expect(await plantedOf(runId, limit)).toStrictEqual(rows)
    })

    it('gives scores back exactly, by row number, with any page size', async () => {
      const runId = newUuid()
      const values = [0, 1, 0.1 + 0.2, 5e-324, null, 1 / 3]
      const rows = values.map((riskScore, index) =>
        buildJudgedScore({ runId, rowNumber: index + 1, riskScore, address: nastyTexts[index] ?? '' }),
      )
      expect(await outputs.putScores({ minerDatabase, rows: rows.toReversed() })).toStrictEqual({
        rows: rows.length,
      })
      for (const limit of [1, 4, 10_000]) expect(await scoresOf(runId, limit)).toStrictEqual(rows)
    })

    it('replaces rows that are put again, and stores none', async () => {
      const runId = newUuid()
      const row = buildJudgedPattern({ runId })
      const planted = buildPlantedOutcome({ runId })
      const score = buildJudgedScore({ runId })
      for (const verdict of ['found', 'fabricated', 'found', 'bad_data']) {
        await outputs.putPatterns({ minerDatabase, rows: [{ ...row, verdict }] })
        await outputs.putScores({ minerDatabase, rows: [{ ...score, verdict }] })
        expect(await patternsOf(runId)).toStrictEqual([{ ...row, verdict }])
        expect(await scoresOf(runId)).toStrictEqual([{ ...score, verdict }])
      }
      await outputs.putPlanted({ minerDatabase, rows: [planted] })
      await outputs.putPlanted({ minerDatabase, rows: [{ ...planted, isFound: false, foundByRow: null }] })
      expect(await plantedOf(runId)).toStrictEqual([{ ...planted, isFound: false, foundByRow: null }])
      expect(await outputs.putPatterns({ minerDatabase, rows: [] })).toStrictEqual({ rows: 0 })
    })

    it('clears a run and leaves other runs and other miners alone', async () => {
      const [runId, other] = [newUuid(), newUuid()]
      const elsewhere = newMinerDatabase()
      await prepare(elsewhere)
      const rows = [1, 2, 3].map((rowNumber) => buildJudgedPattern({ runId, rowNumber }))
      const kept = buildJudgedPattern({ runId: other })
      await outputs.putPatterns({ minerDatabase, rows: [...rows, kept] })
      await outputs.putPatterns({ minerDatabase: elsewhere, rows })
      await outputs.putPlanted({ minerDatabase, rows: [buildPlantedOutcome({ runId })] })
      await outputs.putPlanted({ minerDatabase, rows: [buildPlantedOutcome({ runId: other })] })
      await outputs.putScores({ minerDatabase, rows: [buildJudgedScore({ runId })] })
      await outputs.clear({ minerDatabase, runId, imageType: 'analytics' })
      await outputs.clear({ minerDatabase, runId, imageType: 'analytics' })
      expect([await patternsOf(runId), await plantedOf(runId)]).toStrictEqual([[], []])
      expect(await patternsOf(other)).toStrictEqual([kept])
      expect(await plantedOf(other)).toHaveLength(1)
      expect(await patternsOf(runId, 9, elsewhere)).toStrictEqual(rows)
      expect(await scoresOf(runId)).toHaveLength(1)
      await outputs.clear({ minerDatabase, runId, imageType: 'ml' })
      expect(await scoresOf(runId)).toStrictEqual([])
      const [again] = rows
      if (again !== undefined) await outputs.putPatterns({ minerDatabase, rows: [again] })
      expect(await patternsOf(runId)).toStrictEqual(rows.slice(0, 1))
    })

    it(`stores ${MANY} rows from an async stream and pages through them in order`, async () => {
      const runId = newUuid()
      async function* source(): AsyncGenerator<JudgedScore> {
        for (let rowNumber = MANY; rowNumber >= 1; rowNumber -= 1) {
          yield await Promise.resolve(buildJudgedScore({ runId, rowNumber }))
        }
      }
      expect(await outputs.putScores({ minerDatabase, rows: source() })).toStrictEqual({ rows: MANY })
      const found = await scoresOf(runId, 4_000)
      expect(found.map(({ rowNumber }) => rowNumber)).toStrictEqual(
        Array.from({ length: MANY }, (_unused, index) => index + 1),
      )
    })

    it('refuses rows that cannot be, naming row and field', async () => {
      const runId = newUuid()
      const rows = [buildJudgedPattern({ runId }), buildJudgedPattern({ runId, rowNumber: 0 })]
      await expectInvalid(outputs.putPatterns({ minerDatabase, rows }))
      await expect(outputs.putPatterns({ minerDatabase, rows })).rejects.toThrow(/row 2: rowNumber/)
      for (const wrong of [
        { addresses: ['\ud800'] },
        { addresses: ['a'.repeat(129)] },
        { verdict: 'Found' },
        { explanation: 'a'.repeat(501) },
      ]) {
        const row = buildJudgedPattern({ runId, ...wrong })
        await expectInvalid(outputs.putPatterns({ minerDatabase, rows: [row] }))
      }
      for (const riskScore of [-0.1, 1.1, Number.NaN]) {
        await expectInvalid(
          outputs.putScores({ minerDatabase, rows: [buildJudgedScore({ runId, riskScore })] }),
        )
      }
      await expectInvalid(
        outputs.putPlanted({ minerDatabase, rows: [buildPlantedOutcome({ runId, plantedPattern: '' })] }),
      )
      expect(await patternsOf(runId)).toStrictEqual([])
    })

    it('refuses questions that make no sense', async () => {
      const key = { minerDatabase, runId: newUuid() }
      await expectInvalid(outputs.listPatterns({ ...key, runId: "' OR 1", limit: 1 }))
      await expectInvalid(outputs.listScores({ ...key, limit: 0 }))
      await expectInvalid(outputs.listPlanted({ ...key, limit: 1, cursor: 'x' }))
      await expectInvalid(outputs.clear({ ...key, runId: '', imageType: 'ml' }))
      await expectInvalid(outputs.prepare({ minerDatabase, imageType: 'ml', now: new Date(Number.NaN) }))
    })

    it('passes the reason of an aborted signal on, unwrapped, also on the way', async () => {
      const runId = newUuid()
      const key = { minerDatabase, runId }
      const reason = new Error('enough')
      const aborted = { signal: AbortSignal.abort(reason) }
      const row = buildJudgedPattern({ runId })
      const prepared = outputs.prepare({ minerDatabase, imageType: 'ml', now }, aborted)
      await expect(prepared).rejects.toBe(reason)
      await expect(outputs.putPatterns({ minerDatabase, rows: [row] }, aborted)).rejects.toBe(reason)
      await expect(outputs.listPatterns({ ...key, limit: 1 }, aborted)).rejects.toBe(reason)
      await expect(outputs.clear({ ...key, imageType: 'ml' }, aborted)).rejects.toBe(reason)
      await expect(outputs.drop({ minerDatabase }, aborted)).rejects.toBe(reason)
      const writing = new AbortController()
      async function* endless(): AsyncGenerator<JudgedScore> {
        for (let rowNumber = 1; ; rowNumber += 1) {
          if (rowNumber === 1_000) writing.abort(reason)
          yield await Promise.resolve(buildJudgedScore({ runId, rowNumber }))
        }
      }
      await expect(
        outputs.putScores({ minerDatabase, rows: endless() }, { signal: writing.signal }),
      ).rejects.toBe(reason)
      expect([await patternsOf(runId), await scoresOf(runId)]).toStrictEqual([[], []])
    })
  })
}
