import type { Socket } from 'node:net'

import type { ConnectionError } from 'fastify'

/** Answers what is no HTTP request, or took too long to become one, in the shape of every other failure. */
export function answerBrokenRequest(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const [status, code, message] =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? ['408 Request Timeout', 'timeout', 'the request took too long to arrive']
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? ['431 Request Header Fields Too Large', 'too_large', 'the headers are too large']
        : ['400 Bad Request', 'bad_request', 'this is no HTTP request']
  const body = JSON.stringify({ error: { code, message } })
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n`
  // Not `end`: a client that never reads must not hold the socket.
  if (socket.writable) socket.write(`${head}${body}`, () => socket.destroy(error))
  else socket.destroy(error)
}
