import type { AttemptDay } from '../models/attempt-day.ts'

/** A plausible day of attempts; tests name the fields that they are about. */
export function buildAttemptDay(fields: Partial<AttemptDay> = {}): AttemptDay {
  return {
    netuid: 57,
    validatorHotkey: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
    day: new Date('2025-07-23T00:00:00.000Z'),
    minerUid: 7,
    minerHotkey: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
    taskName: 'weather',
    attempted: 3,
    completed: 2,
    askedHours: 0b111,
    answeredHours: 0b011,
    trailingFailures: 1,
    lastAnsweredAt: new Date('2025-07-23T01:59:59.999Z'),
    ...fields,
  }
}
