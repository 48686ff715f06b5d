// Plain JavaScript: this file is the engine's own process, run by Node 20 from source as from an installed package.
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { inspect } from 'node:util'

import { runLocalService } from '@subnetkit/core/local-service/run'

import { loadDynalite } from './load-dynalite.mjs'
import { mendTables } from './mend-tables.mjs'

/** Longer than clients keep idle sockets, so that it is never the server that closes one under a request. */
const KEEP_ALIVE_MS = 120_000

/** @type {{ dynalite: string }} */
const settings = JSON.parse(process.argv[2] ?? '')

// dynalite throws what a client does to its own socket. A client that is killed must not take the others' engine along.
process.on('uncaughtException', (error) => {
  const isClientGone = 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
  process.stderr.write(`${isClientGone ? 'a client went away' : 'the engine failed'}: ${inspect(error)}\n`)
  if (!isClientGone) process.exit(1)
})

await runLocalService({ start: ({ folder }) => startServer(folder) })

/** @param {string} folder */
async function startServer(folder) {
  const path = join(folder, 'data')
  mkdirSync(path, { recursive: true, mode: 0o700 })
  await prepareStore(path)
  const dynalite = loadDynalite(settings.dynalite)
  const server = dynalite({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 })
  const token = randomBytes(24).toString('hex')
  guard(server, token)
  server.keepAliveTimeout = KEEP_ALIVE_MS
  await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(undefined))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the engine listens on no port')
  return {
    info: { endpoint: `http://127.0.0.1:${address.port}/${token}` },
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  }
}

/**
 * dynalite asks nobody for a password, so the path of the endpoint is one: it keeps other users of the machine out.
 * @param {import('node:http').Server} server
 * @param {string} token
 */
function guard(server, token) {
  const handlers = server.listeners('request')
  server.removeAllListeners('request')
  server.on('request', (request, response) => {
    if (request.url?.startsWith(`/${token}`)) {
      for (const handle of handlers) handle.call(server, request, response)
      return
    }
    request.resume()
    response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' }).end('wrong endpoint\n')
  })
}

/**
 * dynalite opens its store late and hides why it could not: opened once before, the store says it itself, and what a
 * kill left undone is finished while nobody else is there.
 * @param {string} path
 */
async function prepareStore(path) {
  const { Level } = createRequire(settings.dynalite)('level')
  const store = new Level(path)
  await store.open()
  await mendTables(store)
  await store.close()
}
