import { InputError } from '@subnetkit/core'

import type { SandboxEnd, SandboxRunParams, SandboxRunResult } from '../../ports/sandbox.ts'
import { collectOutput } from './collect-output.ts'
import type { OutputArea } from './output-area.ts'

/** 128 and SIGKILL: what a shell would say. */
const EXIT_KILLED = 137

/** What a sandbox knows of a program that is over. */
export interface FinishedProgram {
  /** Why the sandbox itself ended it; null when it ended on its own. */
  readonly stoppedFor: 'timeout' | 'output_too_large' | null
  readonly isOutOfMemory: boolean
  /** Null when it was killed. */
  readonly exitCode: number | null
  readonly executionMs: number
  readonly memoryPeakBytes: number | null
  readonly log: string
}

/** Takes the output of a program that is over, and says how it ended. The same for every sandbox. */
export async function finishRun(
  params: Readonly<SandboxRunParams>,
  program: FinishedProgram,
  area: OutputArea,
): Promise<SandboxRunResult> {
  const { limits, outputFolder, signal } = params
  const isFull = program.stoppedFor === 'output_too_large' || (await area.isFull())
  const output = isFull
    ? { files: [], refused: [], bytes: limits.outputBytes, isTooLarge: true }
    : await collectOutput({ from: area.path, into: outputFolder, limitBytes: limits.outputBytes, signal })
  const end = endOf(program, output.isTooLarge)
  return {
    end,
    exitCode: end === 'exited' ? program.exitCode : null,
    executionMs: program.executionMs,
    memoryPeakBytes: program.memoryPeakBytes,
    outputBytes: output.bytes,
    files: output.files,
    refused: output.refused,
    log: program.log,
  }
}

function endOf(program: FinishedProgram, isTooLarge: boolean): SandboxEnd {
  if (program.stoppedFor !== null) return program.stoppedFor
  if (program.isOutOfMemory) return 'out_of_memory'
  if (isTooLarge) return 'output_too_large'
  return program.exitCode === null || program.exitCode === EXIT_KILLED ? 'killed' : 'exited'
}

/** A run's name becomes a folder, a control group and a container. @throws InputError */
export function checkRunName(name: string): void {
  if (/^subnetkit-[A-Za-z0-9._-]{1,150}$/.test(name)) return
  throw new InputError({
    field: 'run name',
    value: name,
    problem: 'is not usable',
    hint: 'use subnetkit- and 1-150 of letters, digits, dots, dashes and underscores',
  })
}
