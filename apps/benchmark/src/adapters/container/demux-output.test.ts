import { Readable } from 'node:stream'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { demuxOutput } from './demux-output.ts'

function frame(text: string, kind = 1): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt8(kind, 0)
  header.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([header, Buffer.from(text)])
}

async function readAll(bytes: Buffer, cut: number): Promise<string> {
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; at += cut) chunks.push(bytes.subarray(at, at + cut))
  const parts: Buffer[] = []
  for await (const part of demuxOutput(Readable.from(chunks))) parts.push(part)
  return Buffer.concat(parts).toString()
}

describe('demuxOutput', () => {
  it('gives what was said, however the bytes are cut', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.string({ maxLength: 40 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 30 }),
      async (texts, cut) => {
        const bytes = Buffer.concat(texts.map((text, index) => frame(text, 1 + (index % 2))))
        expect(await readAll(bytes, cut)).toBe(texts.join(''))
      },
    )
    await fc.assert(property, { numRuns: 100 })
  })
})
