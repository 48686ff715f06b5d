import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/**
 * Starts a server program, asks it one question as soon as it listens, and stops it again.
 * @param {readonly string[]} args the program and its arguments, for this Node.js
 * @param {string} path what to ask for, with the slash at its front
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ url: string, reply: unknown }>}
 */
export async function serveOnce(args, path, env) {
  const child = spawn(process.execPath, [...args, '--log-level', 'info'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  try {
    for await (const line of createInterface({ input: child.stderr })) {
      const address = addressIn(line)
      if (address === null) continue
      const url = `${address}${path}`
      const response = await fetch(url)
      return { url, reply: await response.json() }
    }
    throw new Error(`${args.join(' ')} ended before it listened`)
  } finally {
    child.kill('SIGTERM')
  }
}

/**
 * @param {string} line a line of a log
 * @returns {string | null} the address that a server says it listens on
 */
function addressIn(line) {
  return /"address":"(http:\/\/[^"]+)"/.exec(line)?.[1] ?? null
}
