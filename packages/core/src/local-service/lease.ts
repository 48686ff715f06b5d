import { connect, type Socket } from 'node:net'

import type { ReadyFile } from './ready-file.ts'

/** An open socket to a service: while it is open the service stays. It never keeps its own process alive. */
export interface Lease {
  /** Resolves when the socket is gone, by `close` or because the service ended. */
  readonly ended: Promise<void>
  close(): Promise<void>
}

const HANDSHAKE_MS = 5_000
const REPLY_LIMIT = 64

/**
 * Takes a lease from the service that wrote `ready`. `undefined` when nobody answers with the right words: the file
 * is stale, the port belongs to someone else by now, the service is ending, or it has another token.
 */
export function takeLease(ready: Readonly<ReadyFile>): Promise<Lease | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: ready.leasePort })
    const expected = `ok ${ready.pid}\n`
    let reply = ''
    const giveUp = (): void => {
      socket.destroy()
      resolve(undefined)
    }
    socket.setTimeout(HANDSHAKE_MS, giveUp)
    socket.on('error', giveUp)
    socket.on('close', giveUp)
    socket.setEncoding('latin1')
    socket.on('connect', () => socket.write(`${ready.token}\n`))
    socket.on('data', (text: string) => {
      reply += text
      if (reply === expected) {
        socket.removeAllListeners()
        resolve(hold(socket))
      } else if (!expected.startsWith(reply) || reply.length > REPLY_LIMIT) {
        giveUp()
      }
    })
  })
}

function hold(socket: Socket): Lease {
  socket.setTimeout(0)
  socket.resume()
  socket.unref()
  const ended = new Promise<void>((resolve) => {
    socket.on('error', () => undefined)
    socket.on('close', () => resolve())
  })
  const close = async (): Promise<void> => {
    socket.ref()
    socket.destroy()
    await ended
  }
  return { ended, close }
}
