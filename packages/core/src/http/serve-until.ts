import { InputError } from '../errors/input-error.ts'
import type { HttpServer } from './http-server.ts'

/** What {@link serveUntil} needs. */
export interface ServeOptions {
  /** `127.0.0.1` for this machine only, `0.0.0.0` for everyone who can reach it. */
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Serving ends when it is aborted. */
  readonly signal: AbortSignal
  /** Called once with the address, e.g. `http://127.0.0.1:8000`. */
  readonly onListening: (address: string) => void
  /** How long requests that are under way may take to end, in ms; then their connections are cut. @default 10000 */
  readonly graceMs?: number
}

/** Serves until the signal is aborted, then takes no new request, lets the open ones end and resolves. */
export async function serveUntil(server: HttpServer, options: ServeOptions): Promise<void> {
  const { host, port, signal, onListening, graceMs = 10_000 } = options
  try {
    signal.throwIfAborted()
    onListening(await listen(server, host, port))
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve()
      else signal.addEventListener('abort', () => resolve(), { once: true })
    })
  } finally {
    const cut = setTimeout(() => server.server.closeAllConnections(), graceMs)
    await server.close()
    clearTimeout(cut)
  }
}

async function listen(server: HttpServer, host: string, port: number): Promise<string> {
  try {
    return await server.listen({ host, port })
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null
    if (code === 'EADDRINUSE') {
      throw new InputError({
        field: '--port',
        value: port,
        problem: `is in use on ${host}`,
        hint: 'stop the other server or give another port; 0 takes a free one',
        cause,
      })
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new InputError({
        field: '--host',
        value: host,
        problem: 'is not an address of this machine',
        hint: 'use 127.0.0.1 for this machine only, 0.0.0.0 for all of its addresses',
        cause,
      })
    }
    throw cause
  }
}
