import { HOUR_MS } from './calendar.ts'
import type { DatasetPlan } from './dataset-plan.ts'
import { drawBehaviour } from './background/everyday.ts'
import type { TransferBuffer } from './transfer-buffer.ts'

/** The transfers of one hour, with the order in which they are written. */
export interface TransferHour {
  readonly buffer: TransferBuffer
  /** Row numbers of the buffer by block, and at random within a block. */
  readonly order: readonly number[]
}

const MAX_ROWS_PER_HOUR = 2 ** 22

/**
 * The stream of a dataset hour by hour: exactly `options.transfers` transfers, in time order. An hour's buffer is only
 * valid until the next hour is asked for. Memory holds one hour and what is known of later ones.
 */
export function* generateTransfers(plan: DatasetPlan): Generator<TransferHour, void, undefined> {
  const { scene, schedules, options, profile } = plan
  const { calendar, agenda, random } = scene
  let written = 0
  for (let hour = 0; hour < calendar.hours; hour++) {
    const hourStartMs = calendar.startMs + hour * HOUR_MS
    schedules.run(scene, hourStartMs)
    const wanted = calendar.quota(options.transfers, hour) - written
    while (agenda.waiting(hour) < wanted) {
      drawBehaviour(random)(scene, hourStartMs + random.below(HOUR_MS))
    }
    const buffer = agenda.take(hour)
    const room = options.transfers - written - agenda.plantedAhead
    if (buffer.length > room) buffer.dropOrdinary(buffer.length - room)
    written += buffer.length
    if (buffer.length > 0) yield { buffer, order: blockOrder(plan, buffer, profile.blockMs) }
    agenda.release(buffer)
  }
}

/**
 * Sorts by block, then by a random number. Block, random number and row share one float: an hour has at most 600
 * blocks (10 bits), and 10 + 20 + 22 bits stay below 2^53.
 */
function blockOrder(plan: DatasetPlan, buffer: TransferBuffer, blockMs: number): number[] {
  const { calendar, random } = plan.scene
  const keys = new Float64Array(buffer.length)
  let firstBlock = Infinity
  for (let row = 0; row < buffer.length; row++) {
    firstBlock = Math.min(firstBlock, Math.floor(((buffer.timeMs[row] ?? 0) - calendar.startMs) / blockMs))
  }
  for (let row = 0; row < buffer.length; row++) {
    const block = Math.floor(((buffer.timeMs[row] ?? 0) - calendar.startMs) / blockMs) - firstBlock
    keys[row] = (block * 0x10_0000 + random.below(0x10_0000)) * MAX_ROWS_PER_HOUR + row
  }
  keys.sort()
  return Array.from(keys, (key) => key % MAX_ROWS_PER_HOUR)
}
