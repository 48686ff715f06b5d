const HEADER_BYTES = 8

/**
 * Takes an engine's frames apart: each is a header of eight bytes, whose last four are the length, and a part of standard
 * output or error; both go into one.
 */
export async function* demuxOutput(stream: AsyncIterable<unknown>): AsyncGenerator<Buffer, void, undefined> {
  let header = Buffer.alloc(0)
  let left = 0
  for await (const chunk of stream) {
    let rest = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk))
    while (rest.length > 0) {
      if (left > 0) {
        const part = rest.subarray(0, left)
        left -= part.length
        rest = rest.subarray(part.length)
        yield part
        continue
      }
      const missing = HEADER_BYTES - header.length
      header = Buffer.concat([header, rest.subarray(0, missing)])
      rest = rest.subarray(missing)
      if (header.length < HEADER_BYTES) continue
      left = header.readUInt32BE(4)
      header = Buffer.alloc(0)
    }
  }
}
