import { expect, it } from 'vitest'

import { type OutputLimits, outputLimits } from './output-limits.ts'
import { readReportLines } from './read-report-lines.ts'

async function read(text: string, chunk: number, limits: Partial<OutputLimits> = {}): Promise<unknown[]> {
  const bytes = Buffer.from(text)
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, nth) =>
    bytes.subarray(nth * chunk, (nth + 1) * chunk),
  )
  const rows: unknown[] = []
  for await (const batch of readReportLines(chunks, { ...outputLimits, ...limits })) rows.push(...batch)
  return rows
}

it.each([1, 2, 3, 7, 1_000])('reads lines in chunks of %d bytes, and what is none as null', async (chunk) => {
  const text = '{"a":"ü€"}\n\n  \r\n[1,2]\n{"a":\nnull\n"last, without end"'
  expect(await read(text, chunk)).toEqual([{ a: 'ü€' }, [1, 2], null, null, 'last, without end'])
})

it.each([1, 5, 64])(
  'counts a line that is too long once and goes on after it, in chunks of %d',
  async (chunk) => {
    const text = `1\n"${'x'.repeat(40)}"\n2\n"${'y'.repeat(40)}"\n"${'z'.repeat(40)}"`
    expect(await read(text, chunk, { lineBytes: 10 })).toEqual([1, null, 2, null, null])
  },
)

it('refuses a report that is too large before it is read to its end', async () => {
  await expect(read('1\n'.repeat(100), 10, { reportBytes: 50 })).rejects.toThrow(
    /^output: holds more than 50 bytes/,
  )
})

it('is not brought down by depth or by names of the language', async () => {
  const [deep, named] = await read(`${'['.repeat(50_000)}\n{"__proto__":{"x":1}}`, 4_096)
  expect(deep).toBeNull()
  expect(named).not.toHaveProperty('x')
})
