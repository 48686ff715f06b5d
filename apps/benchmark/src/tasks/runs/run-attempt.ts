import type { BenchmarkEpoch, BenchmarkRun, BenchmarkRunContext, TaskControl } from '@subnetkit/core'

import type { BenchmarkDeps } from '../../benchmark-deps.ts'
import type { ContestSettings } from '../../contest-settings.ts'
import type { ReadyDataset } from '../../ports/dataset-store.ts'
import { type EndedRun, endedRunSchema, isGoodEnd } from './ended-run.ts'
import { judgeOutput } from './judge-output.ts'
import { readJsonFile } from '../json-file.ts'
import { prepareMinerDatabase } from './prepare-miner-database.ts'
import { prepareSubmission } from '../submissions/prepare-submission.ts'
import { completedRun, endedBadly, neverStarted, withEnd } from './run-row.ts'
import { startProgram } from './start-program.ts'
import { type RunPaths, runPaths } from '../work-paths.ts'

/** What one try at a run is about. */
export interface RunAttemptParams {
  readonly context: BenchmarkRunContext
  readonly epoch: BenchmarkEpoch
  readonly contest: ContestSettings
  readonly control: TaskControl
  /** Of the task and of the run's lock together. */
  readonly signal: AbortSignal
  /** The run as it stands. */
  readonly run: BenchmarkRun
}

/** Storing `pending` must end before the process is given up. */
const PUT_BACK_MS = 5_000

/** One try at a run, under its lock. Each step looks first whether it is done. */
export class RunAttempt {
  readonly #deps: BenchmarkDeps
  readonly #params: RunAttemptParams
  readonly #paths: RunPaths
  #run: BenchmarkRun

  constructor(deps: BenchmarkDeps, params: RunAttemptParams) {
    this.#deps = deps
    this.#params = params
    this.#run = params.run
    this.#paths = runPaths(deps.workFolder, params.run.runId)
  }

  /** The run in its final state, stored. */
  async perform(): Promise<BenchmarkRun> {
    const { context, contest, epoch, signal } = this.#params
    const { clock } = this.#deps
    await this.#store(this.#run)
    await prepareMinerDatabase(this.#deps, context, signal)
    const dataset = await this.#ensureDataset()
    let ended = await this.#readEnded(dataset)
    while (ended === null || this.#isForgiven(ended)) {
      const prepared = await this.#prepare()
      if (!prepared.isReady) {
        const reason = `${prepared.step}: ${prepared.reason}`
        return await this.#store(neverStarted(this.#run, reason, clock.now()))
      }
      ended = await this.#start(dataset, prepared.image, ended?.faults ?? 0)
    }
    this.#run = withEnd(this.#run, ended)
    if (!isGoodEnd(ended)) return await this.#store(endedBadly(this.#run, ended, clock.now()))
    const outputFolder = this.#paths.output
    const judging = { run: this.#run, epoch, contest, dataset, ended, outputFolder, signal }
    const judged = await judgeOutput(this.#deps, judging)
    return await this.#store(completedRun(this.#run, judged, clock.now()))
  }

  /** Leaves the run to the next try. A store that fails now leaves it `running`, which the next try takes up as well. */
  async putBack(): Promise<void> {
    const run: BenchmarkRun = { ...this.#run, status: 'pending' }
    try {
      await this.#deps.repositories.benchmarkRuns.put({ run }, { signal: AbortSignal.timeout(PUT_BACK_MS) })
    } catch (error) {
      const { runId } = run
      this.#params.control.log.warn({ err: error, runId }, 'the run could not be put back; it stays running')
    }
  }

  async #ensureDataset(): Promise<ReadyDataset> {
    const { contest, context, signal } = this.#params
    const { network, processingDate, windowDays } = context
    return await this.#deps.datasets.ensure({
      contestSeed: contest.datasetSeed,
      transfers: contest.datasetTransfers,
      network,
      processingDate,
      windowDays,
      signal,
    })
  }

  /** How the program ended on this dataset, when it did so on this machine and nobody judged it yet. */
  async #readEnded(dataset: ReadyDataset): Promise<EndedRun | null> {
    const kept = await readJsonFile(this.#paths.ended, endedRunSchema)
    return kept?.datasetSha256 === dataset.sha256 ? kept : null
  }

  /** A crash may be forgiven; what took all of its time would take it again. */
  #isForgiven(ended: EndedRun): boolean {
    return !isGoodEnd(ended) && ended.end !== 'timeout' && ended.faults < this.#deps.runAttempts
  }

  async #prepare(): ReturnType<typeof prepareSubmission> {
    const { hotkey, imageType, repository, commit } = this.#params.epoch
    const submission = { hotkey, imageType, repository, commit }
    return await prepareSubmission(this.#deps, submission, this.#params.control)
  }

  async #start(dataset: ReadyDataset, image: string, faults: number): Promise<EndedRun> {
    const { context, contest, signal } = this.#params
    const { clock, sandbox } = this.#deps
    await this.#store({
      ...this.#run,
      status: 'running',
      attempts: this.#run.attempts + 1,
      datasetSha256: dataset.sha256,
      sandbox: sandbox.name,
      startedAt: clock.now(),
    })
    const { runId } = this.#run
    const { timeLimitMs } = contest
    const paths = this.#paths
    return await startProgram(this.#deps, {
      runId,
      context,
      image,
      dataset,
      paths,
      timeLimitMs,
      faults,
      signal,
    })
  }

  async #store(run: BenchmarkRun): Promise<BenchmarkRun> {
    const { signal } = this.#params
    signal.throwIfAborted()
    await this.#deps.repositories.benchmarkRuns.put({ run }, { signal })
    this.#run = run
    return run
  }
}
