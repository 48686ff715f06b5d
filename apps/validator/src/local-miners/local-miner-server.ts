import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

import { z } from 'zod'

import type { LocalReply } from './local-miner-reply.ts'
import type { AskedTask } from './solve-task.ts'

/** A real HTTP server that plays miners, each under a path of its own. */
export interface LocalMinerServer {
  /** Of one miner. */
  endpointOf(index: number): string
  close(): Promise<void>
}

/** What {@link startLocalMinerServer} needs. */
export interface LocalMinerServerParams {
  /** Null: the miner cannot read the task, or there is no such miner. */
  readonly reply: (index: number, task: AskedTask) => LocalReply | null
  /** How long a stalled miner says nothing before it drops the connection, in ms. */
  readonly stallMs: number
}

const requestSchema = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.string().nullable() })).min(1),
  seed: z.int(),
})

const HUGE_BYTES = 16 * 1024 * 1024

/** Starts the server on a free port of loopback. */
export async function startLocalMinerServer(params: LocalMinerServerParams): Promise<LocalMinerServer> {
  const timers = new Set<NodeJS.Timeout>()
  const after = (ms: number, action: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      action()
    }, ms)
    timers.add(timer)
  }
  const busy = new Set<string>()
  const server = createServer((request, response) => {
    handle(request, response).catch(() => {
      response.destroy()
    })
  })

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const index = /^\/miner-(\d{1,6})\/v1\/chat\/completions$/.exec(request.url ?? '')?.[1]
    const task = readTask(await text(request))
    const reply = index === undefined || task === null ? null : params.reply(Number(index), task)
    if (task === null || reply === null) {
      sendJson(response, 400, { error: { message: 'not a chat completion that this miner knows' } })
      return
    }
    const key = `${index ?? ''}:${task.seed}`
    const isStalled = reply.fault === 'stalled'
    after(isStalled ? params.stallMs : reply.latencyMs, () => send(response, reply, busy, key))
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    endpointOf: (index) => `http://127.0.0.1:${port}/miner-${index}/v1`,
    close: async () => {
      for (const timer of timers) clearTimeout(timer)
      server.closeAllConnections()
      if (!server.listening) return
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

function readTask(body: string): AskedTask | null {
  try {
    const parsed = requestSchema.parse(JSON.parse(body))
    return { prompt: parsed.messages.at(-1)?.content ?? '', seed: parsed.seed }
  } catch {
    return null
  }
}

function send(response: ServerResponse, reply: LocalReply, busy: Set<string>, key: string): void {
  switch (reply.fault) {
    case 'server_error':
      sendJson(response, 500, { error: { message: 'out of memory' } })
      return
    case 'garbage':
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices": [{"mess')
      return
    case 'web_page':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome to nginx!</html>')
      return
    case 'redirect':
      response.writeHead(302, { location: 'https://example.invalid/' }).end()
      return
    case 'null_content':
      sendJson(response, 200, completion(null))
      return
    case 'huge':
      response.writeHead(200, { 'content-type': 'application/json' }).end('x'.repeat(HUGE_BYTES))
      return
    case 'dropped':
    case 'stalled':
      response.destroy()
      return
    case 'busy_once':
      if (!busy.has(key)) {
        busy.add(key)
        response.writeHead(503, { 'retry-after': '0' }).end()
        return
      }
      sendJson(response, 200, completion(reply.content))
      return
    case null:
      sendJson(response, 200, completion(reply.content))
  }
}

function completion(content: string | null): unknown {
  const tokens = Math.ceil((content?.length ?? 0) / 4)
  return {
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { completion_tokens: tokens },
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
