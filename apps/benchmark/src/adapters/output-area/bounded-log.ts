import { setTimeout as sleep } from 'node:timers/promises'

const REST_MS = 20

/**
 * Keeps the first bytes of what a program says and drops the rest. What comes after the limit is still read, but slowly, so
 * that a flood costs this process next to nothing.
 */
export class BoundedLog {
  readonly #limit: number
  readonly #chunks: Buffer[] = []
  #kept = 0
  #dropped = 0

  constructor(limitBytes: number) {
    this.#limit = limitBytes
  }

  append(chunk: Buffer): void {
    const part = chunk.subarray(0, this.#limit - this.#kept)
    if (part.length > 0) this.#chunks.push(part)
    this.#kept += part.length
    this.#dropped += chunk.length - part.length
  }

  /** Reads a stream to its end. */
  async drain(stream: AsyncIterable<unknown>): Promise<void> {
    for await (const chunk of stream) {
      this.append(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)))
      if (this.#dropped > 0) await sleep(REST_MS)
    }
  }

  /** What was kept, as readable text: no control or format characters but line feed and tab, no terminal sequences. */
  text(): string {
    return readableText(Buffer.concat(this.#chunks))
  }
}

/** Bytes of a stranger as text that cannot disturb a terminal, a log or a page. */
export function readableText(bytes: Buffer): string {
  return (
    bytes
      .toString('utf8')
      .replaceAll('\r\n', '\n')
      // A terminal sequence begins with ESC; without its letters it would stay as rubbish.
      .replaceAll(/\p{Cc}\[[0-9;?]*[A-Za-z]/gu, '')
      .replaceAll(/(?![\n\t])[\p{Cc}\p{Cf}]/gu, '')
  )
}
