import { createMetrics, type Metrics } from '@subnetkit/core'
import { type CommandSession, numberFromText } from '@subnetkit/core/cli'
import type { Command } from 'commander'
import { z } from 'zod'

import type { Validator } from '../compose.ts'
import { createRecordMetrics } from '../record/record-metrics.ts'
import { recordStatistics } from '../record/record-statistics.ts'
import { RecordWriter } from '../record/record-writer.ts'

/** What every command that feeds the record takes. */
export const recordFlagsShape = {
  /** Seconds. */
  recordWait: numberFromText(z.number().min(0).max(3_600)),
}

/** Adds `--record-wait`. */
export function recordFlags(command: Command): Command {
  return command.option(
    '--record-wait <seconds>',
    'how long to wait at the end for what the record has not written yet',
    '10',
  )
}

/** What feeding the record needs. */
export interface WithRecordParams {
  readonly validator: Validator
  readonly session: CommandSession
  readonly netuid: number
  readonly validatorHotkey: string
  /** Seconds. */
  readonly recordWait: number
}

/**
 * Feeds the record while `use` is at work, and waits a moment at its end for what is left. What is left then is said:
 * the next command catches it up.
 */
export async function withRecord<T>(
  params: WithRecordParams,
  use: (parts: Readonly<{ record: RecordWriter; metrics: Metrics }>) => Promise<T>,
): Promise<T> {
  const { validator, session, netuid, validatorHotkey, recordWait } = params
  const { repositories, openRecord, clock } = validator
  const { log, signal } = session
  const metrics = createMetrics({ service: 'validator-weights', version: '0.0.0' })
  await using record = new RecordWriter({
    scope: { netuid, validatorHotkey },
    open: openRecord,
    operational: repositories,
    statistics: recordStatistics({ executionLogs: repositories.executionLogs, clock }),
    metrics: createRecordMetrics(metrics),
    clock,
    log,
    signal,
  })
  const result = await use({ record, metrics })
  const left = await record.flush(recordWait * 1_000)
  if (left > 0) {
    log.warn({ left }, 'the record is not whole yet; the next weights submit or watch catches it up')
  }
  return result
}
