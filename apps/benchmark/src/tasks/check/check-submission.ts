import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type ImageType, isStorageError, type ProgressListener } from '@subnetkit/core'

import type { BenchmarkDeps } from '../../benchmark-deps.ts'
import { imageNameOf, type SandboxRunResult } from '../../ports/sandbox.ts'
import type { ScanFinding } from '../../scanner/scan-finding.ts'
import { scanSubmission } from '../../scanner/scan-submission.ts'
import { readJudgedDataset } from '../../validation/read-judged-dataset.ts'
import { cloneLimits } from '../submissions/clone-submission.ts'
import { describeRunEnd } from '../runs/describe-run-end.ts'
import { judgePractice, type PracticeJudgement } from './judge-practice.ts'

/** What a check works with; nothing is stored. */
export type CheckDeps = Pick<BenchmarkDeps, 'datasets' | 'limits' | 'reviewer' | 'sandbox' | 'source'>

/** What is checked, and on which world. */
export interface CheckSubmissionParams {
  readonly repository: string
  /** Null for the head of the default branch. */
  readonly commit: string | null
  readonly imageType: ImageType
  /** Makes the practice world; anybody may know it. */
  readonly seed: string
  readonly network: string
  readonly processingDate: string
  readonly windowDays: number
  readonly transfers: number
  readonly timeLimitMs: number
  readonly ruleSet: string
}

/** How a check may end; each step is reached when those before it went well. */
export const checkSteps = ['clone', 'scan', 'build', 'run', 'report', 'passed'] as const
/** One of {@link checkSteps}. */
export type CheckStep = (typeof checkSteps)[number]

/** What a check found. What comes after the step that failed is null. */
export interface CheckedSubmission {
  /** `passed`, or the step that failed. */
  readonly step: CheckStep
  /** Why it failed, in a sentence; null when it passed. */
  readonly problem: string | null
  readonly sandbox: string
  readonly commit: string | null
  readonly findings: readonly ScanFinding[]
  /** What the build printed, when it failed. */
  readonly buildLog: string | null
  readonly run: Pick<
    SandboxRunResult,
    'end' | 'exitCode' | 'executionMs' | 'memoryPeakBytes' | 'outputBytes' | 'files' | 'refused' | 'log'
  > | null
  readonly judgement: PracticeJudgement | null
}

/** The hotkey of nobody: a check's image never meets a submission's. */
const CHECKED = 'check'
const BUILD_LIMIT_MS = 1_800_000

/**
 * Does to one's own repository what a validator does: clones, scans, builds, runs it on a practice world whose truth is
 * known here, judges and scores. What is wrong with the submission is the answer, not an error.
 *
 * @throws what the machine's or the network's own failures are.
 */
export async function checkSubmission(
  deps: CheckDeps,
  params: CheckSubmissionParams,
  { progress, signal }: Readonly<{ progress: ProgressListener; signal: AbortSignal }>,
): Promise<CheckedSubmission> {
  const folder = await mkdtemp(join(tmpdir(), 'subnetkit-check-'))
  const say = (stage: string): void => progress({ stage, done: 0, total: null, unit: 'steps' })
  const check = new Check(deps, params, folder, say, signal)
  try {
    return await check.perform()
  } finally {
    await check.removeImage()
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

class Check {
  readonly #deps: CheckDeps
  readonly #params: CheckSubmissionParams
  readonly #folder: string
  readonly #say: (stage: string) => void
  readonly #signal: AbortSignal
  #image: string | null = null
  #result: CheckedSubmission

  constructor(
    deps: CheckDeps,
    params: CheckSubmissionParams,
    folder: string,
    say: (stage: string) => void,
    signal: AbortSignal,
  ) {
    this.#deps = deps
    this.#params = params
    this.#folder = folder
    this.#say = say
    this.#signal = signal
    this.#result = {
      step: 'clone',
      problem: null,
      sandbox: deps.sandbox.name,
      commit: null,
      findings: [],
      buildLog: null,
      run: null,
      judgement: null,
    }
  }

  async perform(): Promise<CheckedSubmission> {
    for (const step of [this.#clone, this.#scan, this.#build, this.#run, this.#judge]) {
      const problem = await step.call(this)
      if (problem !== null) return { ...this.#result, problem }
    }
    return { ...this.#result, step: 'passed' }
  }

  async removeImage(): Promise<void> {
    if (this.#image === null) return
    try {
      await this.#deps.sandbox.removeImage(this.#image)
    } catch (error) {
      // The check is over; an image that stays is removed by the next clean-up.
      if (!isStorageError(error)) throw error
    }
  }

  get #tree(): string {
    return join(this.#folder, 'tree')
  }

  get #output(): string {
    return join(this.#folder, 'output')
  }

  #note(change: Partial<CheckedSubmission>): void {
    this.#result = { ...this.#result, ...change }
  }

  async #clone(): Promise<string | null> {
    this.#say('cloning')
    const { repository, commit } = this.#params
    const cloned = await this.#deps.source.clone({
      repository,
      commit,
      into: this.#tree,
      limits: cloneLimits,
      signal: this.#signal,
    })
    if (!cloned.isCloned) return cloned.reason
    this.#note({ commit: cloned.commit })
    return null
  }

  async #scan(): Promise<string | null> {
    const { reviewer, sandbox } = this.#deps
    this.#note({ step: 'scan' })
    this.#say('making base images')
    const baseImages = await sandbox.prepareBaseImages(this.#signal)
    this.#say('scanning')
    const { isAccepted, findings } = await scanSubmission({
      tree: this.#tree,
      baseImages,
      reviewer,
      isRunAllowed: sandbox.isRunAllowed,
      signal: this.#signal,
    })
    this.#note({ findings })
    return isAccepted ? null : `the scanner refuses it for ${findings.length} findings`
  }

  async #build(): Promise<string | null> {
    this.#note({ step: 'build' })
    this.#say('building')
    const { imageType } = this.#params
    const commit = this.#result.commit ?? ''
    const image = imageNameOf({ imageType, hotkey: CHECKED, commit })
    this.#image = image
    const built = await this.#deps.sandbox.buildImage({
      tree: this.#tree,
      image,
      timeLimitMs: BUILD_LIMIT_MS,
      signal: this.#signal,
    })
    if (built.isBuilt) return null
    this.#note({ buildLog: built.log })
    return built.reason
  }

  async #run(): Promise<string | null> {
    this.#note({ step: 'run' })
    this.#say('making the practice world')
    const { imageType, network, processingDate, timeLimitMs, windowDays } = this.#params
    const { datasets, limits, sandbox } = this.#deps
    const { snapshotFolder } = await datasets.ensure(this.#world())
    await mkdir(this.#output, { mode: 0o700 })
    this.#say('running')
    const result = await sandbox.run({
      image: this.#image ?? '',
      name: `subnetkit-check-${this.#result.commit ?? ''}`,
      inputFolder: snapshotFolder,
      outputFolder: this.#output,
      environment: {
        NETWORK: network,
        WINDOW_DAYS: String(windowDays),
        PROCESSING_DATE: processingDate,
        IMAGE_TYPE: imageType,
        INPUT_FOLDER: '/data/input',
        OUTPUT_FOLDER: '/data/output',
      },
      limits: { ...limits, timeLimitMs },
      isGpuWanted: false,
      signal: this.#signal,
    })
    this.#signal.throwIfAborted()
    this.#note({ run: result })
    return result.end === 'exited' && result.exitCode === 0 ? null : describeRunEnd(result)
  }

  async #judge(): Promise<string | null> {
    this.#note({ step: 'report' })
    this.#say('judging')
    const { imageType, network, processingDate, ruleSet, timeLimitMs, windowDays } = this.#params
    const { files = [], executionMs = timeLimitMs } = this.#result.run ?? {}
    const report = imageType === 'ml' ? 'scores.jsonl' : 'patterns.jsonl'
    if (!files.includes(report)) return `the program wrote no ${report} into its output folder`
    const ready = await this.#deps.datasets.ensure(this.#world())
    const judgement = await judgePractice({
      imageType,
      dataset: await readJudgedDataset(ready, this.#signal),
      outputFolder: this.#output,
      network,
      processingDate,
      windowDays,
      executionMs,
      timeLimitMs,
      ruleSet,
      signal: this.#signal,
    })
    this.#note({ judgement })
    return judgement.problem ?? judgement.score?.disqualification ?? null
  }

  #world(): Parameters<CheckDeps['datasets']['ensure']>[0] {
    const { network, processingDate, seed, transfers, windowDays } = this.#params
    const contestSeed = `practice ${seed}`
    return { contestSeed, network, processingDate, windowDays, transfers, signal: this.#signal }
  }
}
