import { createServer, type AddressInfo, type Socket } from 'node:net'

/** A miner whose every byte the test decides. */
export interface RawMiner extends AsyncDisposable {
  readonly port: number
  readonly endpoint: string
  /** Requests as text, in order of arrival. */
  readonly requests: readonly string[]
  /** Connections that were made. */
  connections(): number
}

/** Starts a server on loopback that hands each whole request to `reply`, with its number from 0 on. */
export async function startRawMiner(
  reply: (socket: Socket, count: number) => void,
  host = '127.0.0.1',
): Promise<RawMiner> {
  const requests: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    sockets.add(socket)
    let text = ''
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      const head = text.indexOf('\r\n\r\n')
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
      if (head < 0 || text.length < head + 4 + length) return
      requests.push(text)
      text = ''
      reply(socket, requests.length - 1)
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, host, resolve)
  })
  const { port } = portOf(server.address())
  return {
    port,
    endpoint: `http://${host.includes(':') ? `[${host}]` : host}:${port}/v1`,
    requests,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

function portOf(address: string | AddressInfo | null): { readonly port: number } {
  if (typeof address === 'object' && address !== null) return address
  throw new RangeError('the server does not listen')
}

/** A whole reply over HTTP/1.1 whose end is the end of the connection. */
export function httpReply(
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
  status = 200,
): Buffer {
  const fields = { 'content-type': 'application/json', connection: 'close', ...headers }
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Status\r\n${head.join('')}\r\n`), Buffer.from(body)])
}

/** The body of a chat completion with the given content. */
export function completionBody(content: unknown, usage: unknown = { total_tokens: 3 }): string {
  return JSON.stringify({ choices: [{ index: 0, message: { role: 'assistant', content } }], usage })
}
