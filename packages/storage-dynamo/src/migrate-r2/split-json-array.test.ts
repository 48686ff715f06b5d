import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { splitJsonArray } from './split-json-array.ts'

async function* chunksOf(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let from = 0; from < bytes.length; from += size) {
    await Promise.resolve()
    yield bytes.subarray(from, from + size)
  }
}

async function split(text: string, size: number, maxElementBytes = 1_000): Promise<string[]> {
  const elements: string[] = []
  for await (const element of splitJsonArray(chunksOf(text, size), { maxElementBytes })) {
    elements.push(Buffer.from(element).toString())
  }
  return elements
}

describe('splitJsonArray', () => {
  it('gives the elements of any array, whatever its spacing and however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue()),
        fc.nat({ max: 4 }),
        fc.integer({ min: 1, max: 7 }),
        async (values, indent, size) => {
          const elements = await split(JSON.stringify(values, null, indent), size, 100_000)
          expect(elements.map((text): unknown => JSON.parse(text))).toStrictEqual(
            JSON.parse(JSON.stringify(values)),
          )
        },
      ),
    )
  })

  it('is not misled by brackets, commas and quotes inside strings', async () => {
    const values = [{ 'a]"': '\\"],[{' }, '\\', ']', [',', ['"']]]
    const elements = await split(JSON.stringify(values), 3)
    expect(elements.map((text): unknown => JSON.parse(text))).toStrictEqual(values)
  })

  it.each([
    ['', /ends before its array/],
    ['{"a": 1}', /is no JSON array \(at byte 0\)/],
    ['[1, 2', /ends before its array/],
    ['[{"a": [1]', /ends before its array/],
    ['["abc', /ends before its array/],
    ['[1, , 2]', /empty element \(at byte 4\)/],
    ['[1, 2, ]', /empty element/],
    ['[,]', /empty element/],
    ['[1] [2]', /goes on after its array \(at byte 4\)/],
  ])('refuses %j', async (text, message) => {
    await expect(split(text, 4)).rejects.toMatchObject({
      code: 'corrupt_row',
      message: expect.stringMatching(message),
    })
  })

  it('gives what stood before the break', async () => {
    const seen: string[] = []
    const read = async (): Promise<void> => {
      const elements = splitJsonArray(chunksOf('[{"a":1},{"b":2},{"c"', 5), { maxElementBytes: 100 })
      for await (const element of elements) seen.push(Buffer.from(element).toString())
    }
    await expect(read()).rejects.toMatchObject({ code: 'corrupt_row' })
    expect(seen).toStrictEqual(['{"a":1}', '{"b":2}'])
  })

  it('refuses an element that is too long before it is all there', async () => {
    let given = 0
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('["')
      for (;;) {
        await Promise.resolve()
        given += 100
        yield Buffer.alloc(100, 'x')
      }
    }
    const elements = splitJsonArray(endless(), { maxElementBytes: 1_000 })
    await expect(elements.next()).rejects.toMatchObject({ code: 'resource_exhausted' })
    expect(given).toBeLessThan(1_300)
  })
})
