import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'

/**
 * A program that runs beside others until it is stopped.
 * @typedef {{ stop(): Promise<void> }} Background
 */

/**
 * Starts a program that goes on by itself; what it logs is dropped.
 * @param {readonly string[]} args the program and its arguments, for this Node.js
 * @param {NodeJS.ProcessEnv} env
 * @returns {Background}
 */
export function startBackground(args, env) {
  const child = spawn(process.execPath, args, { env, stdio: 'ignore' })
  return { stop: () => stop(child) }
}

/**
 * Starts a server program and waits until it listens.
 * @param {readonly string[]} args the program and its arguments, for this Node.js
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Background & { address: string, ask(path: string): Promise<unknown> }>}
 */
export async function startServer(args, env) {
  const child = spawn(process.execPath, [...args, '--log-level', 'info'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const lines = createInterface({ input: child.stderr })
  for await (const line of lines) {
    const address = addressIn(line)
    if (address === null) continue
    child.stderr.resume()
    return {
      address,
      ask: async (path) => await (await fetch(`${address}${path}`)).json(),
      stop: () => stop(child),
    }
  }
  throw new Error(`${args.join(' ')} ended before it listened`)
}

/**
 * What a command answers with `--json`; its log goes to this process's own.
 * @param {readonly string[]} args the program and its arguments, for this Node.js
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<any>}
 */
export async function answerOf(args, env) {
  const child = spawn(process.execPath, [...args, '--json'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
  if (code !== 0) throw new Error(`${args.slice(1).join(' ')} ended with ${code}: ${output}`)
  return JSON.parse(output)
}

/**
 * Ends a program as a person would, and waits for it; one that does not end in time is killed.
 * @param {import('node:child_process').ChildProcess} child
 */
async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000)
  child.kill('SIGTERM')
  await ended
  clearTimeout(timer)
}

/**
 * @param {string} line a line of a log
 * @returns {string | null} the address that a server says it listens on
 */
function addressIn(line) {
  return /"address":"(http:\/\/[^"]+)"/.exec(line)?.[1] ?? null
}
