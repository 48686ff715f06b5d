import { StorageError } from '@subnetkit/core'

import { createDictionary, MAX_DICTIONARY_BYTES, type Dictionary } from './dictionary.ts'

/** What a dictionary is learnt from. */
export interface BuildDictionaryParams {
  /** Contents of conversations as they are stored, in a fixed order: the same samples give the same dictionary. */
  readonly samples: readonly Uint8Array[]
  /** Size of the dictionary at most, 1 KiB–1 MiB. @default 128 KiB */
  readonly maxBytes?: number
}

/** Length of the strings that are counted: shorter ones are found anyway, longer ones miss small differences. */
const GRAM = 8
const HASH_BITS = 20
/** Length of what is taken at once. */
const SEGMENT = 128
/** How many strings begin in a segment; fewer than 256, so that a byte can count them. */
const WIDTH = SEGMENT - GRAM + 1
/** How often the samples are walked through: each part of them gets its turn that many times. */
const LAPS = 4
const DEFAULT_MAX_BYTES = 128 * 1024
const MIN_MAX_BYTES = 1024
const MAX_SAMPLE_BYTES = 8 * 1024 * 1024

/**
 * Learns what many conversations have in common. Strings of eight bytes are counted by the number of samples that have
 * them; the stretches whose strings are the most common, and not yet in the dictionary, are taken. The best stretches
 * stand at the end, so that its last 32 KiB serve codecs that look back no further.
 *
 * Takes about a second per 8 MiB of samples; what exceeds them is not looked at. Null when the samples have too little
 * in common.
 *
 * @throws StorageError `invalid_input` when `maxBytes` is out of range.
 */
export function buildDictionary(params: BuildDictionaryParams): Dictionary | null {
  const { maxBytes = DEFAULT_MAX_BYTES } = params
  if (!Number.isInteger(maxBytes) || maxBytes < MIN_MAX_BYTES || maxBytes > MAX_DICTIONARY_BYTES) {
    throw new StorageError({
      code: 'invalid_input',
      message: `maxBytes: ${maxBytes} is not within ${MIN_MAX_BYTES}–${MAX_DICTIONARY_BYTES}`,
    })
  }
  const { text, ends } = joinSamples(params.samples)
  const grams = hashGrams(text)
  const counts = countBySample(grams, ends)
  const segments = pickSegments(grams, counts, maxBytes)
  if (segments.length === 0) return null
  return createDictionary(Buffer.concat(segments.map(({ from, to }) => text.subarray(from, to)).reverse()))
}

function joinSamples(samples: readonly Uint8Array[]): { text: Buffer; ends: readonly number[] } {
  const taken: Uint8Array[] = []
  const ends: number[] = []
  let bytes = 0
  for (const sample of samples) {
    bytes += sample.byteLength
    if (bytes > MAX_SAMPLE_BYTES) break
    taken.push(sample)
    ends.push(bytes)
  }
  return { text: Buffer.concat(taken), ends }
}

/** For each position the hash of the eight bytes that begin there. */
function hashGrams(text: Buffer): Uint32Array {
  const grams = new Uint32Array(Math.max(0, text.byteLength - GRAM + 1))
  for (let at = 0; at < grams.length; at += 1) {
    const mixed =
      Math.imul(text.readUInt32LE(at), 0x9e3779b1) ^ Math.imul(text.readUInt32LE(at + 4), 0x85ebca77)
    grams[at] = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> (32 - HASH_BITS)
  }
  return grams
}

/** How many other samples have each string; what only one has is worth nothing to others. */
function countBySample(grams: Uint32Array, ends: readonly number[]): Int32Array {
  const counts = new Int32Array(1 << HASH_BITS)
  const lastSample = new Int32Array(1 << HASH_BITS).fill(-1)
  let at = 0
  for (const [sample, end] of ends.entries()) {
    for (; at < Math.min(end, grams.length); at += 1) {
      const gram = grams[at] ?? 0
      if (lastSample[gram] === sample) continue
      counts[gram] = (counts[gram] ?? 0) + (lastSample[gram] === -1 ? 0 : 1)
      lastSample[gram] = sample
    }
  }
  return counts
}

interface Segment {
  readonly from: number
  readonly to: number
}

function pickSegments(grams: Uint32Array, counts: Int32Array, maxBytes: number): readonly Segment[] {
  const turns = Math.max(1, Math.floor(maxBytes / SEGMENT / LAPS))
  const turnLength = Math.max(SEGMENT, Math.ceil(grams.length / turns))
  const segments: Segment[] = []
  const inWindow = new Uint8Array(1 << HASH_BITS)
  let left = maxBytes
  let isFruitful = true
  while (isFruitful && left > GRAM) {
    isFruitful = false
    for (let start = 0; start < grams.length && left > GRAM; start += turnLength) {
      const best = bestSegment(grams, counts, inWindow, {
        from: start,
        to: Math.min(start + turnLength, grams.length),
      })
      if (best === null) continue
      const to = Math.min(best.to, best.from + left)
      segments.push({ from: best.from, to })
      left -= to - best.from
      for (let at = best.from; at + GRAM <= to; at += 1) counts[grams[at] ?? 0] = 0
      isFruitful = true
    }
  }
  return segments
}

/** The window whose different strings count most, without the useless bytes at its ends; null when all count 0. */
function bestSegment(
  grams: Uint32Array,
  counts: Int32Array,
  inWindow: Uint8Array,
  turn: Segment,
): Segment | null {
  const { from: start, to: end } = turn
  let sum = 0
  let best = 0
  let bestAt = start
  for (let at = start; at < end; at += 1) {
    const gram = grams[at] ?? 0
    const seen = inWindow[gram] ?? 0
    if (seen === 0) sum += counts[gram] ?? 0
    inWindow[gram] = seen + 1
    if (at - start >= WIDTH) {
      const gone = grams[at - WIDTH] ?? 0
      const times = inWindow[gone] ?? 0
      if (times === 1) sum -= counts[gone] ?? 0
      inWindow[gone] = times - 1
    }
    if (sum > best) {
      best = sum
      bestAt = Math.max(start, at - WIDTH + 1)
    }
  }
  for (let at = Math.max(start, end - WIDTH); at < end; at += 1) inWindow[grams[at] ?? 0] = 0
  return best === 0 ? null : trimmed(grams, counts, bestAt, Math.min(bestAt + WIDTH, end))
}

function trimmed(grams: Uint32Array, counts: Int32Array, first: number, end: number): Segment {
  let from = first
  let to = end
  while (from < to && (counts[grams[from] ?? 0] ?? 0) === 0) from += 1
  while (to > from && (counts[grams[to - 1] ?? 0] ?? 0) === 0) to -= 1
  return { from, to: to + GRAM - 1 }
}
