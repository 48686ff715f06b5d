import { z } from 'zod'

/** How a program ended, kept on disk until it is judged, so that nobody's program is started again for our sake. */
export const endedRunSchema = z.strictObject({
  /** What it saw; a program that saw another dataset is started again. */
  datasetSha256: z.string(),
  sandbox: z.string(),
  /** Starts that ended by the program's own fault, this one included. */
  faults: z.int().min(0),
  end: z.enum(['exited', 'timeout', 'out_of_memory', 'output_too_large', 'killed']),
  exitCode: z.int().nullable(),
  executionMs: z.int().min(0),
  memoryPeakBytes: z.number().nullable(),
  outputBytes: z.number(),
  files: z.array(z.string()),
  refused: z.array(z.string()),
  log: z.string(),
})
/** See {@link endedRunSchema}. */
export type EndedRun = z.infer<typeof endedRunSchema>

/** Whether the program came to a good end by itself; what it wrote is then judged. */
export function isGoodEnd({ end, exitCode }: Pick<EndedRun, 'end' | 'exitCode'>): boolean {
  return end === 'exited' && exitCode === 0
}
