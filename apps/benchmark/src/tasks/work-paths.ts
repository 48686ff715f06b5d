import { join } from 'node:path'

import type { BenchmarkSubmissionContext } from '@subnetkit/core'

/** Where a submission's tree lies, and beside it what the scanner said of it. */
export interface SubmissionPaths {
  /** There whole, or not at all. */
  readonly tree: string
  readonly verdict: string
}

/** Where the tree of a commit lies under the work folder; its parts are checked by their schemas to be plain names. */
export function submissionPaths(
  workFolder: string,
  { imageType, hotkey, commit }: Pick<BenchmarkSubmissionContext, 'imageType' | 'hotkey' | 'commit'>,
): SubmissionPaths {
  const folder = join(workFolder, 'trees', imageType, hotkey)
  return { tree: join(folder, commit), verdict: join(folder, `${commit}.scan.json`) }
}

/** Where one run keeps what came out of it until that is judged. */
export interface RunPaths {
  readonly folder: string
  readonly output: string
  /** Written once the program ended: with it a run goes on to judging, without it the program is started again. */
  readonly ended: string
}

/** See {@link RunPaths}. */
export function runPaths(workFolder: string, runId: string): RunPaths {
  const folder = join(workFolder, 'runs', runId)
  return { folder, output: join(folder, 'output'), ended: join(folder, 'ended.json') }
}
