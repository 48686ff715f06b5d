import type { TaskScore } from '../models/task-score.ts'

/** A plausible score; tests name the fields that they are about. */
export function buildTaskScore(fields: Partial<TaskScore> = {}): TaskScore {
  return {
    netuid: 57,
    validatorHotkey: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
    taskName: 'weather',
    taskId: 'final_weather_scores_1',
    uid: 7,
    hotkey: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
    score: 0.82,
    status: 'completed',
    scoredAt: new Date('2025-07-23T10:11:12.345Z'),
    ...fields,
  }
}
