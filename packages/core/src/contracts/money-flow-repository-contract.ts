import type { SnapshotKey } from '../models/day-key.ts'
import type { MoneyFlow } from '../models/money-flow.ts'
import type { MoneyFlowRepository } from '../repositories/money-flow-repository.ts'
import {
  keyedRowsRepositoryContract,
  type RepositoryContractOptions,
} from './keyed-rows-repository-contract.ts'
import { buildMoneyFlow, buildSnapshotKey, decimal, sortableId } from './miner-row-builders.ts'
import { nastyCounts, nastyDecimals, nastyInstants } from './nasty-values.ts'

function nastyFlows(key: SnapshotKey): readonly MoneyFlow[] {
  const byDecimal = nastyDecimals.map((text, index) =>
    buildMoneyFlow(key, 0, { fromAddress: sortableId('decimal', index), amountUsdSum: decimal(text) }),
  )
  const byTime = nastyInstants.map((instant, index) =>
    buildMoneyFlow(key, 0, {
      fromAddress: sortableId('instant', index),
      firstSeen: instant,
      lastSeen: instant,
      txCount: nastyCounts[index] ?? 0,
    }),
  )
  const strange = buildMoneyFlow(key, 0, { fromAddress: `~"'\\\`%{x}`, toAddress: '!'.repeat(128) })
  return [...byDecimal, ...byTime, strange]
}

/** Everything that an implementation of {@link MoneyFlowRepository} must hold, on a real engine. */
export function moneyFlowRepositoryContract(options: RepositoryContractOptions<MoneyFlowRepository>): void {
  keyedRowsRepositoryContract<MoneyFlow, SnapshotKey>(
    {
      name: 'money flows',
      newKey: buildSnapshotKey,
      build: buildMoneyFlow,
      change: (flow) => ({ ...flow, txCount: 1_000, amountUsdSum: decimal('7') }),
      nasty: nastyFlows,
    },
    options,
  )
}
