import { type BenchmarkSubmissionContext, InputError, sha256Schema } from '@subnetkit/core'
import { z } from 'zod'

import type { BenchmarkDeps } from '../../benchmark-deps.ts'
import { SCANNER_VERSION, scanSubmission } from '../../scanner/scan-submission.ts'
import { isFolder } from './clone-submission.ts'
import { readJsonFile, writeJsonFile } from '../json-file.ts'
import { submissionPaths } from '../work-paths.ts'

const MAX_KEPT_FINDINGS = 1_000

const findingSchema = z.strictObject({
  rule: z.string(),
  path: z.string(),
  line: z.int().nullable(),
  message: z.string(),
})

const verdictSchema = z.strictObject({
  /** Who judged, by which rules: a verdict of anybody else does not count. */
  judge: z.string(),
  isAccepted: z.boolean(),
  findings: z.array(findingSchema),
  files: z.int(),
  bytes: z.int(),
  treeSha256: sha256Schema,
})

/** What the scanner said of a tree, kept beside it. */
export type ScanVerdict = z.infer<typeof verdictSchema>

type Deps = Pick<BenchmarkDeps, 'locks' | 'reviewer' | 'sandbox' | 'workFolder'>

/** Names rules, reviewer and base images: when one of them changes, a tree is judged again. */
async function judgeName(
  { reviewer, sandbox }: Pick<Deps, 'reviewer' | 'sandbox'>,
  signal: AbortSignal,
): Promise<{ judge: string; baseImages: readonly string[]; isRunAllowed: boolean }> {
  const baseImages = await sandbox.prepareBaseImages(signal)
  const isRunAllowed = sandbox.isRunAllowed
  const judge = JSON.stringify([SCANNER_VERSION, reviewer?.name ?? null, isRunAllowed, ...baseImages])
  return { judge, baseImages, isRunAllowed }
}

/** The verdict that holds now, or null: the tree was not judged yet, or by others. */
export async function readScanVerdict(
  deps: Omit<Deps, 'locks'>,
  submission: BenchmarkSubmissionContext,
  signal: AbortSignal,
): Promise<ScanVerdict | null> {
  const { verdict } = submissionPaths(deps.workFolder, submission)
  const kept = await readJsonFile(verdict, verdictSchema)
  if (kept === null) return null
  const { judge } = await judgeName(deps, signal)
  return kept.judge === judge ? kept : null
}

/**
 * Scans the cloned tree unless its verdict stands. A reviewer who cannot answer fails it: nothing is accepted unread.
 * Whoever calls it holds the submission's lock.
 *
 * @throws InputError when there is no tree.
 */
export async function scanCloned(
  deps: Omit<Deps, 'locks'>,
  submission: BenchmarkSubmissionContext,
  signal: AbortSignal,
): Promise<ScanVerdict> {
  const paths = submissionPaths(deps.workFolder, submission)
  const kept = await readScanVerdict(deps, submission, signal)
  if (kept !== null) return kept
  if (!(await isFolder(paths.tree))) {
    throw new InputError({
      field: 'commit',
      value: submission.commit,
      problem: 'has no tree on this machine',
      hint: 'clone it first, with benchmark clone',
    })
  }
  const { judge, baseImages, isRunAllowed } = await judgeName(deps, signal)
  const report = await scanSubmission({
    tree: paths.tree,
    baseImages,
    reviewer: deps.reviewer,
    isRunAllowed,
    signal,
  })
  signal.throwIfAborted()
  const { isAccepted, files, bytes, treeSha256 } = report
  const findings = report.findings.slice(0, MAX_KEPT_FINDINGS).map((finding) => ({
    rule: finding.rule,
    path: finding.path,
    line: finding.line,
    message: finding.message,
  }))
  const verdict: ScanVerdict = { judge, isAccepted, findings, files, bytes, treeSha256 }
  await writeJsonFile(paths.verdict, verdict)
  return verdict
}
