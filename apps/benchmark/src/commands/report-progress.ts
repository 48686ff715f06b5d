import type { ProgressListener } from '@subnetkit/core'
import { Presets, SingleBar } from 'cli-progress'

import type { Terminal } from './terminal.ts'

const LINE_EVERY_MS = 2_000

/** A progress display that must be stopped, so that the cursor comes back. */
export interface ProgressReport {
  readonly listener: ProgressListener
  stop(): void
}

/** A bar on a terminal; in a pipe a line on stderr every two seconds and at the end. */
export function reportProgress(terminal: Terminal, label: string): ProgressReport {
  return terminal.stderr.isTTY === true ? bar(terminal, label) : lines(terminal, label)
}

function bar(terminal: Terminal, label: string): ProgressReport {
  const format = `${label} {bar} {percentage} % | {value}/{total} | {eta_formatted} left`
  const single = new SingleBar({ format, stream: terminal.stderr, hideCursor: true }, Presets.shades_classic)
  let started = false
  return {
    listener: ({ done, total }) => {
      if (!started) single.start(total ?? done, 0)
      started = true
      single.update(done)
    },
    stop: () => single.stop(),
  }
}

function lines(terminal: Terminal, label: string): ProgressReport {
  let last = terminal.monotonicMs()
  return {
    listener: ({ done, total, unit }) => {
      const now = terminal.monotonicMs()
      if (now - last < LINE_EVERY_MS && done !== total) return
      last = now
      terminal.stderr.write(`${label}: ${done} of ${total ?? '?'} ${unit}\n`)
    },
    stop: () => undefined,
  }
}
