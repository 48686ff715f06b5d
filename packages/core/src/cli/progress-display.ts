import cliProgress from 'cli-progress'

import type { Logger } from '../observability/logger.ts'
import type { ProgressListener, ProgressUpdate } from '../tasks/progress.ts'

/** What {@link createProgressDisplay} needs. */
export interface ProgressDisplayOptions {
  readonly stream: NodeJS.WritableStream
  readonly isTerminal: boolean
  readonly log: Logger
  /** Milliseconds that only grow; spaces the lines in a pipe. */
  readonly monotonicMs: () => number
  /** At most one line per stage in this time, in ms, when nobody watches. @default 5000 */
  readonly everyMs?: number
}

/** Progress as it is shown; `stop` takes the bar away and must be called before a result is printed. */
export interface ProgressDisplay {
  readonly listener: ProgressListener
  stop(): void
}

/** A bar on a terminal; in a pipe a log line at the start, every few seconds and at the end of each stage. */
export function createProgressDisplay(options: ProgressDisplayOptions): ProgressDisplay {
  return options.isTerminal ? createBar(options.stream) : createLines(options)
}

function createBar(stream: NodeJS.WritableStream): ProgressDisplay {
  let bar: cliProgress.SingleBar | null = null
  const stop = (): void => {
    bar?.stop()
    bar = null
  }
  const listener = (update: ProgressUpdate): void => {
    const { total } = update
    const end = total === null || total === 0 ? 1 : total
    const done = total === null ? 0 : update.done
    const payload = { text: progressText(update), isOpen: total === null }
    if (bar === null) {
      bar = newBar(stream)
      bar.start(end, done, payload)
      return
    }
    bar.setTotal(end)
    bar.update(done, payload)
  }
  return { listener, stop }
}

function newBar(stream: NodeJS.WritableStream): cliProgress.SingleBar {
  return new cliProgress.SingleBar({
    stream,
    clearOnComplete: true,
    forceRedraw: true,
    hideCursor: true,
    gracefulExit: false,
    format: (options, params, payload: { text: string; isOpen: boolean }) =>
      payload.isOpen
        ? payload.text
        : `${cliProgress.Format.BarFormat(params.progress, options)} ${payload.text}`,
  })
}

function createLines({ log, monotonicMs, everyMs = 5_000 }: ProgressDisplayOptions): ProgressDisplay {
  let lastStage: string | undefined
  let lastMs = Number.NEGATIVE_INFINITY
  let hadEnded = false
  const listener = (update: ProgressUpdate): void => {
    const isNewStage = update.stage !== lastStage
    const ends = update.total !== null && update.done >= update.total
    const isDue = ends ? !hadEnded : monotonicMs() - lastMs >= everyMs
    hadEnded = ends
    if (!isNewStage && !isDue) return
    lastStage = update.stage
    lastMs = monotonicMs()
    log.info({ done: update.done, total: update.total }, progressText(update))
  }
  return { listener, stop: () => undefined }
}

/** `score alerts: 1,200 of 5,000 alerts (24 %)`. */
export function progressText(update: ProgressUpdate): string {
  const { done, total, unit, stage } = update
  // A stage that counts nothing, or has not counted yet, is told by its name.
  if (total === null && done === 0 && stage !== undefined) return stage
  const amount =
    total === null
      ? `${count(done)} ${unit}`
      : `${count(done)} of ${count(total)} ${unit} (${total === 0 ? 100 : Math.floor((done / total) * 100)} %)`
  return stage === undefined ? amount : `${stage}: ${amount}`
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}
