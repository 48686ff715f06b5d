// Plain JavaScript: this file runs in service processes of Node 20, from source as from an installed package.
import { randomBytes, timingSafeEqual } from 'node:crypto'
import {
  existsSync,
  fstatSync,
  ftruncateSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

const PROTOCOL = 1
const WATCH_MS = 1_000
const HANDSHAKE_MS = 5_000
const STOP_MS = 5_000
const LOG_LIMIT_BYTES = 8_000_000
const STDOUT = 1

/** @param {Parameters<typeof import('./run-local-service.d.mts').runLocalService>[0]} options */
export async function runLocalService({ start }) {
  process.on('SIGINT', () => {})
  process.on('SIGHUP', () => {})
  const settings = readSettings()
  const service = await startWhileThere(settings, start)
  const token = randomBytes(32).toString('hex')

  let ending = false
  const end = async () => {
    if (ending) return
    ending = true
    clearInterval(watch)
    leases.stop()
    announcement.withdraw()
    setTimeout(() => process.exit(1), STOP_MS)
    await service.stop()
    process.exit(0)
  }
  process.on('SIGTERM', () => void end())

  const leases = await countLeases({ token, ...settings, onUnused: () => void end() })
  const announcement = announce({
    path: join(settings.folder, `${settings.name}.ready.json`),
    text: JSON.stringify({
      protocol: PROTOCOL,
      name: settings.name,
      pid: process.pid,
      leasePort: leases.port,
      token,
      startedAt: new Date().toISOString(),
      info: service.info,
    }),
  })
  const watch = setInterval(() => {
    announcement.repair()
    limitLog()
  }, WATCH_MS)
  announcement.repair()
}

/**
 * The last argument, written by the joining side.
 * @returns {{ name: string, folder: string, lingerMs: number, graceMs: number }}
 */
function readSettings() {
  return JSON.parse(process.argv.at(-1) ?? '')
}

/**
 * A service whose folder is removed while it starts can be found by nobody, and may wait for ever for a file of its own:
 * it ends. Not by an exit, which a thread of an engine may hold up.
 * @template Service
 * @param {ReturnType<typeof readSettings>} settings
 * @param {(settings: ReturnType<typeof readSettings>) => Service | Promise<Service>} start
 */
async function startWhileThere(settings, start) {
  const watch = setInterval(() => {
    if (!existsSync(settings.folder)) process.kill(process.pid, 'SIGKILL')
  }, WATCH_MS)
  try {
    return await start(settings)
  } finally {
    clearInterval(watch)
  }
}

/**
 * One open socket is one lease; the kernel closes it when its user dies in whatever way.
 * @param {{ token: string, lingerMs: number, graceMs: number, onUnused: () => void }} options
 * @returns {Promise<{ port: number, stop: () => void }>}
 */
function countLeases({ token, lingerMs, graceMs, onUnused }) {
  const expected = Buffer.from(`${token}\n`)
  let count = 0
  let accepting = true
  /** @type {NodeJS.Timeout | undefined} */
  let timer = setTimeout(onUnused, graceMs)

  const server = createServer((socket) => {
    let received = Buffer.alloc(0)
    let leased = false
    socket.setTimeout(HANDSHAKE_MS, () => socket.destroy())
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      if (leased) return
      received = Buffer.concat([received, chunk])
      if (received.length < expected.length) return
      if (!accepting || received.length !== expected.length || !timingSafeEqual(received, expected)) {
        socket.destroy()
        return
      }
      leased = true
      count += 1
      clearTimeout(timer)
      socket.setTimeout(0)
      socket.write(`ok ${process.pid}\n`)
    })
    socket.on('close', () => {
      if (!leased) return
      count -= 1
      if (count === 0 && accepting) timer = setTimeout(onUnused, lingerMs)
    })
  })

  const stop = () => {
    accepting = false
    clearTimeout(timer)
    server.close()
  }
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('the lease server has no port'))
      else resolve({ port: address.port, stop })
    })
  })
}

/**
 * The ready file, written whole or not at all, and written again when something has removed or damaged it.
 * @param {{ path: string, text: string }} options
 */
function announce({ path, text }) {
  const isIntact = () => {
    try {
      return readFileSync(path, 'utf8') === text
    } catch {
      return false
    }
  }
  return {
    repair() {
      if (isIntact()) return
      const draft = `${path}.${process.pid}`
      try {
        writeFileSync(draft, text, { mode: 0o600 })
        renameSync(draft, path)
      } catch (error) {
        process.stderr.write(`cannot write the ready file: ${String(error)}\n`)
      }
    },
    withdraw() {
      if (isIntact()) rmSync(path, { force: true })
    },
  }
}

/** Standard output is a file opened for appending, so that emptying it is safe. */
function limitLog() {
  const { size } = fstatSync(STDOUT)
  if (size > LOG_LIMIT_BYTES) ftruncateSync(STDOUT, 0)
}
