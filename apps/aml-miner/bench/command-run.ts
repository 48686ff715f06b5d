import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** A command that ran to its end. */
export interface CommandRun {
  readonly wallMs: number
  /** Most memory that the process held at once, in bytes; 0 where /proc does not tell. */
  readonly peakBytes: number
  /** Milliseconds from one line of progress to the next, under the words of the first, without numbers; summed. */
  readonly stagesMs: ReadonlyMap<string, number>
}

const miner = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** Runs the built `aml-miner`, so that what is measured is what people run. Fails when the command does. */
export async function runMiner(dataDir: string, argv: readonly string[]): Promise<CommandRun> {
  const start = performance.now()
  const child = spawn(process.execPath, [miner, '--data-dir', dataDir, ...argv], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => void (log += chunk.toString()))
  const ended = once(child, 'close')
  let peakBytes = 0
  while (child.exitCode === null && child.signalCode === null) {
    peakBytes = Math.max(peakBytes, await readPeak(child.pid ?? 0))
    await Promise.race([ended, sleep(20)])
  }
  await ended
  if (child.exitCode !== 0) throw new Error(`aml-miner ${argv.join(' ')} failed:\n${log}`)
  return { wallMs: performance.now() - start, peakBytes, stagesMs: stagesOf(log) }
}

/** The kernel's own high-water mark, which only grows. */
async function readPeak(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024
}

function stagesOf(log: string): ReadonlyMap<string, number> {
  const lines = log.split('\n').flatMap((line) => {
    const time = /"time":"([^"]+)"/.exec(line)?.[1]
    const text = /"msg":"([^"]+)"/.exec(line)?.[1]
    return time === undefined || text === undefined ? [] : [{ atMs: Date.parse(time), text }]
  })
  const stages = new Map<string, number>()
  for (const [index, { atMs, text }] of lines.entries()) {
    const next = lines[index + 1]
    const stage = text.replace(/: 0 rows$/, '').replaceAll(/\d+ /g, '')
    if (next === undefined || stage.startsWith('task ')) continue
    stages.set(stage, (stages.get(stage) ?? 0) + next.atMs - atMs)
  }
  return stages
}
