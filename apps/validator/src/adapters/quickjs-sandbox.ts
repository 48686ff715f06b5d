import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

import { z } from 'zod'

import { InputError } from '@subnetkit/core'

import type { ProgramRun, ProgramSandbox, RunProgramParams } from '../ports/program-sandbox.ts'

/** How much a program may use. What it does within these limits is the same on every machine, but for `timeMs`. */
export interface QuickjsLimits {
  /** Longest source, in UTF-16 units. @default 32,768 */
  readonly sourceCharacters?: number
  /** Heap of one program. @default 16 MiB */
  readonly memoryBytes?: number
  /** @default 256 KiB */
  readonly stackBytes?: number
  /**
   * How often QuickJS looks up from its work, every 10,000 branches and calls, for all calls of a program together.
   * @default 1,000: about 10 million steps, a quarter of a second
   */
  readonly interrupts?: number
  /** Longest JSON text of one output. @default 16,384 */
  readonly outputCharacters?: number
  /** For what counts no steps (a pattern that backtracks, a huge power): then the thread is ended. @default 1,000 */
  readonly timeMs?: number
}

const defaults: Required<QuickjsLimits> = {
  sourceCharacters: 32_768,
  memoryBytes: 16 * 1024 * 1024,
  stackBytes: 256 * 1024,
  interrupts: 1_000,
  outputCharacters: 16_384,
  timeMs: 1_000,
}

const messageSchema = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({
    id: z.int(),
    run: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('finished'), outputs: z.array(z.string().nullable()) }),
      z.object({ kind: z.literal('refused'), reason: z.string() }),
    ]),
  }),
])

interface Job {
  readonly id: number
  readonly source: string
  readonly inputs: readonly string[]
  finish(run: ProgramRun): void
  fail(reason: unknown): void
}

/**
 * A sandbox of one worker thread, started with the first program and again after one that had to be ended. Programs
 * wait for each other. An idle thread does not keep the process alive.
 */
export function createQuickjsSandbox(limits: QuickjsLimits = {}): ProgramSandbox & AsyncDisposable {
  return new QuickjsSandbox({ ...defaults, ...limits })
}

class QuickjsSandbox implements ProgramSandbox {
  readonly #limits: Required<QuickjsLimits>
  readonly #waiting: Job[] = []
  #running: Job | null = null
  #worker: Worker | null = null
  #isReady = false
  #timer: NodeJS.Timeout | null = null
  #nextId = 0
  #isClosed = false

  constructor(limits: Required<QuickjsLimits>) {
    this.#limits = limits
  }

  async run({ source, inputs, signal }: RunProgramParams): Promise<ProgramRun> {
    signal?.throwIfAborted()
    if (this.#isClosed) throw closedError()
    if (source.length > this.#limits.sourceCharacters) return { kind: 'refused', reason: 'too_long' }
    const id = this.#nextId
    this.#nextId += 1
    let onAbort: (() => void) | undefined
    try {
      return await new Promise<ProgramRun>((resolve, reject) => {
        onAbort = () => {
          const place = this.#waiting.findIndex((job) => job.id === id)
          if (place >= 0) this.#waiting.splice(place, 1)
          reject(signal?.reason)
        }
        signal?.addEventListener('abort', onAbort, { once: true })
        this.#waiting.push({ id, source, inputs, finish: resolve, fail: reject })
        this.#advance()
      })
    } finally {
      if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort)
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const open = [...(this.#running === null ? [] : [this.#running]), ...this.#waiting.splice(0)]
    this.#running = null
    for (const job of open) job.fail(closedError())
    await this.#endWorker()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #advance(): void {
    if (this.#running !== null || this.#waiting.length === 0 || this.#isClosed) return
    const worker = this.#worker ?? this.#startWorker()
    worker.ref()
    if (!this.#isReady) return
    const job = this.#waiting.shift()
    if (job === undefined) return
    this.#running = job
    this.#timer = setTimeout(() => this.#abandon('time'), this.#limits.timeMs)
    const { memoryBytes, stackBytes, interrupts, outputCharacters } = this.#limits
    worker.postMessage({
      id: job.id,
      source: job.source,
      inputs: job.inputs,
      limits: { memoryBytes, stackBytes, interrupts, outputCharacters },
    })
  }

  #startWorker(): Worker {
    const worker = new Worker(workerFile(), {
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 64 },
    })
    this.#worker = worker
    this.#isReady = false
    worker.on('message', (message: unknown) => {
      if (this.#worker === worker) this.#receive(worker, message)
    })
    worker.on('error', (error) => {
      if (this.#worker === worker) this.#lose(error)
    })
    return worker
  }

  #receive(worker: Worker, message: unknown): void {
    const parsed = messageSchema.parse(message)
    if ('ready' in parsed) {
      this.#isReady = true
    } else if (parsed.id === this.#running?.id) {
      const job = this.#running
      this.#stopTimer()
      this.#running = null
      job.finish(parsed.run)
    }
    if (this.#waiting.length === 0) worker.unref()
    this.#advance()
  }

  /** The thread died: of the program that ran in it, or, before any program did, of the machine. */
  #lose(error: unknown): void {
    if (this.#isReady) {
      this.#abandon('crashed')
      return
    }
    void this.#endWorker()
    for (const job of this.#waiting.splice(0)) job.fail(error)
  }

  #abandon(reason: string): void {
    const job = this.#running
    this.#running = null
    void this.#endWorker()
    job?.finish({ kind: 'refused', reason })
    this.#advance()
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  async #endWorker(): Promise<void> {
    this.#stopTimer()
    const worker = this.#worker
    this.#worker = null
    this.#isReady = false
    await worker?.terminate()
  }
}

function closedError(): InputError {
  return new InputError({
    field: 'sandbox',
    problem: 'is closed',
    hint: 'make a new one, or close it after the last verdict',
  })
}

/** The thread's file stands in the source folder of this app, wherever this code was bundled to inside of it. */
function workerFile(): string {
  const place = join('src', 'adapters', 'quickjs-worker.mjs')
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, place)) && dirname(folder) !== folder) folder = dirname(folder)
  return join(folder, place)
}
