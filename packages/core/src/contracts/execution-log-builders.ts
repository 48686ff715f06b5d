import type { ExecutionLog } from '../models/execution-log.ts'

/** A plausible attempt that was scored; tests name the fields that they are about. */
export function buildExecutionLog(fields: Partial<ExecutionLog> = {}): ExecutionLog {
  return {
    minerHotkey: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
    modelRevision: '4f1c2d9',
    environment: 'affine:ded',
    generation: 1,
    taskId: 1,
    attempt: 1,
    worker: 'worker-1',
    outcome: 'scored',
    error: null,
    score: 0.5,
    durationMs: 1_200,
    finishedAt: new Date('2026-02-03T04:05:06.345Z'),
    ...fields,
  }
}
