import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** A program of a test in a process of its own. */
export interface TestProgram extends AsyncDisposable {
  readonly child: ChildProcess
  /** The next line that it prints; fails when it ends before. */
  line(): Promise<string>
  /** kill -9, and waits until the process is gone. */
  kill(): Promise<void>
}

const hooks = fileURLToPath(new URL('typescript-hooks.mjs', import.meta.url))

/** Runs a TypeScript file of the packages' source or tests; what it prints on stderr goes to the test's own. */
export function spawnTypeScript(program: URL, ...args: readonly string[]): TestProgram {
  const flags = ['--conditions=@subnetkit/source', '--import', hooks, fileURLToPath(program), ...args]
  const child = spawn(process.execPath, flags, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }
  const line = async (): Promise<string> => {
    const next = await lines.next()
    if (next.done === true) throw new Error(`${program.pathname} ended before it printed a line`)
    return next.value
  }
  return { child, line, kill, [Symbol.asyncDispose]: kill }
}

/** Whether a process exists; a zombie counts until its parent has seen it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Milliseconds until a process is gone; fails after `limitMs`. */
export async function untilGone(pid: number, limitMs: number): Promise<number> {
  const start = performance.now()
  while (isAlive(pid)) {
    if (performance.now() - start > limitMs)
      throw new Error(`process ${pid} is still there after ${limitMs} ms`)
    await sleep(20)
  }
  return performance.now() - start
}
