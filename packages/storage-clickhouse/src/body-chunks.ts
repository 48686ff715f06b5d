import type { Readable } from 'node:stream'

/** More than this waits unread: the socket is then paused, which is the back-pressure on the server. */
const HIGH_WATER_BYTES = 1024 * 1024

/**
 * The chunks of an answer, each of them, before the error that ended it. Node's own iterator drops what is still
 * buffered when a stream breaks; the server puts the reason why it broke the answer off into exactly these last bytes.
 */
export async function* bodyChunks(stream: Readable): AsyncGenerator<Buffer, void, void> {
  const queue: Buffer[] = []
  const state: { bytes: number; isEnded: boolean; error: unknown } = { bytes: 0, isEnded: false, error: null }
  let wake: () => void = () => {}
  stream.on('data', (chunk: unknown) => {
    if (!Buffer.isBuffer(chunk)) return
    queue.push(chunk)
    state.bytes += chunk.length
    if (state.bytes > HIGH_WATER_BYTES) stream.pause()
    wake()
  })
  stream.on('error', (error) => {
    state.error ??= error
    wake()
  })
  stream.on('end', () => {
    state.isEnded = true
    wake()
  })
  stream.on('close', () => {
    if (!state.isEnded) state.error ??= Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
    wake()
  })
  const nextEvent = async (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve
    })
  for (;;) {
    const chunk = queue.shift()
    if (chunk !== undefined) {
      state.bytes -= chunk.length
      if (stream.isPaused() && state.bytes <= HIGH_WATER_BYTES / 2) stream.resume()
      yield chunk
    } else if (state.error !== null) {
      throw state.error
    } else if (state.isEnded) {
      return
    } else {
      await nextEvent()
    }
  }
}
