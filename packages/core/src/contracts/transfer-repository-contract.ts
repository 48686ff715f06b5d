import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { SnapshotKey } from '../models/day-key.ts'
import type { Transfer } from '../models/transfer.ts'
import type { TransferRepository } from '../repositories/transfer-repository.ts'
import {
  keyedRowsRepositoryContract,
  type RepositoryContractOptions,
} from './keyed-rows-repository-contract.ts'
import { buildSnapshotKey, buildTransfer, decimal } from './miner-row-builders.ts'
import { nastyDecimals, nastyIds, nastyInstants } from './nasty-values.ts'

function nastyTransfers(key: SnapshotKey): readonly Transfer[] {
  const byTime = nastyInstants
    .toSorted((a, b) => a.getTime() - b.getTime())
    .map((blockTimestamp, index) => buildTransfer(key, index, { blockTimestamp }))
  const last = byTime.at(-1)?.blockTimestamp ?? new Date(0)
  const tied = { blockTimestamp: new Date(last.getTime() + 1), fromAddress: 'same', toAddress: 'same' }
  const byAmount = nastyDecimals
    .toSorted((a, b) => Number(a) - Number(b))
    .map((text, index) =>
      buildTransfer(key, 100 + index, {
        ...tied,
        amount: decimal(text),
        amountUsd: decimal(text),
        assetSymbol: `"${index}'`,
      }),
    )
  const byId = nastyIds.map((transferId) =>
    buildTransfer(key, 0, { ...tied, blockTimestamp: new Date(last.getTime() + 2), transferId }),
  )
  return [...byTime, ...byAmount, ...byId]
}

/** Everything that an implementation of {@link TransferRepository} must hold, on a real engine. */
export function transferRepositoryContract(options: RepositoryContractOptions<TransferRepository>): void {
  keyedRowsRepositoryContract<Transfer, SnapshotKey>(
    {
      name: 'transfers',
      newKey: buildSnapshotKey,
      build: buildTransfer,
      change: (transfer) => ({ ...transfer, amountUsd: decimal('77'), assetSymbol: 'TOR' }),
      nasty: nastyTransfers,
    },
    options,
  )
  describe('transfers: questions of their own', () => {
    let repository: TransferRepository
    beforeAll(async () => {
      repository = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })

    it('replaces a transfer by its id, also when its time changes', async () => {
      const key = buildSnapshotKey()
      const late = buildTransfer(key, 5, { blockTimestamp: new Date('2025-07-31T00:00:00.001Z') })
      await repository.put({ rows: [buildTransfer(key, 5)] })
      await repository.put({ rows: [late] })
      expect((await repository.list({ key, limit: 10 })).items).toEqual([late])
    })

    it('reads columns in natural order, with ids of sorted addresses and whole micro-dollars', async () => {
      const key = buildSnapshotKey()
      const at = (second: number): Date => new Date(Date.UTC(2025, 6, 20, 0, 0, second, 345))
      const rows = [
        buildTransfer(key, 0, {
          blockTimestamp: at(2),
          fromAddress: 'b',
          toAddress: 'B',
          amountUsd: decimal('9223372036854'),
        }),
        buildTransfer(key, 1, {
          blockTimestamp: at(1),
          fromAddress: 'b',
          toAddress: 'b',
          amountUsd: decimal('0.0000005'),
        }),
        buildTransfer(key, 2, {
          blockTimestamp: at(1),
          fromAddress: 'a',
          toAddress: 'b',
          amountUsd: decimal('-0.0000005'),
        }),
        buildTransfer(key, 3, {
          blockTimestamp: at(1),
          fromAddress: 'a',
          toAddress: 'B',
          amountUsd: decimal('1.23456749'),
        }),
      ]
      await repository.put({ rows })
      expect(await repository.readColumns({ key })).toEqual({
        addresses: ['B', 'a', 'b'],
        from: Uint32Array.of(1, 1, 2, 2),
        to: Uint32Array.of(0, 2, 2, 0),
        amountMicroUsd: BigInt64Array.of(1_234_567n, -1n, 1n, 9_223_372_036_854_000_000n),
        timestampMs: Float64Array.of(at(1).getTime(), at(1).getTime(), at(1).getTime(), at(2).getTime()),
      })
    })

    it('reads no columns from nothing, and 10,001 rows in the order of the stream', async () => {
      expect(await repository.readColumns({ key: buildSnapshotKey() })).toEqual({
        addresses: [],
        from: new Uint32Array(),
        to: new Uint32Array(),
        amountMicroUsd: new BigInt64Array(),
        timestampMs: new Float64Array(),
      })
      const key = buildSnapshotKey()
      const rows = Array.from({ length: 10_001 }, (_unused, number) => buildTransfer(key, number))
      await repository.put({ rows: rows.toReversed() })
      const columns = await repository.readColumns({ key })
      expect(columns.from.length).toBe(10_001)
      for (const number of [0, 1, 4_095, 10_000]) {
        const { fromAddress, toAddress, blockTimestamp } = buildTransfer(key, number)
        expect(columns.addresses[columns.from[number] ?? -1]).toBe(fromAddress)
        expect(columns.addresses[columns.to[number] ?? -1]).toBe(toAddress)
        expect(columns.timestampMs[number]).toBe(blockTimestamp.getTime())
        expect(columns.amountMicroUsd[number]).toBe(BigInt(number) * 1_000_000n + 1n)
      }
    })

    it('sums volumes per UTC day exactly', async () => {
      const key = buildSnapshotKey()
      const on = (time: string, number: number, amountUsd: string): Transfer =>
        buildTransfer(key, number, { blockTimestamp: new Date(time), amountUsd: decimal(amountUsd) })
      await repository.put({
        rows: [
          on('2025-07-31T23:59:59.999Z', 0, '0.1'),
          on('2025-07-31T00:00:00.000Z', 1, '0.2'),
          on('2025-07-30T23:59:59.999Z', 2, '99999999999999999999.000000000000000001'),
          on('2025-07-30T00:00:00.000Z', 3, '99999999999999999999'),
        ],
      })
      expect(await repository.listDailyVolumes({ key })).toEqual([
        { date: '2025-07-30', transfers: 2, volumeUsd: '199999999999999999998.000000000000000001' },
        { date: '2025-07-31', transfers: 2, volumeUsd: '0.3' },
      ])
      expect(await repository.listDailyVolumes({ key: buildSnapshotKey() })).toEqual([])
    })
  })
}
