import { expect } from 'vitest'

import type { NewSample, Sample, SampleKey } from '../models/sample.ts'
import type { Page } from '../repositories/page.ts'
import type { SampleRepository } from '../repositories/sample-repository.ts'
import { buildPutSample, sampleScopeOf } from './sample-builders.ts'

/** What the parts of the sample contract share. */
export interface SampleSuite {
  /** There once the tests run. */
  readonly repository: SampleRepository
  /** A hotkey that no other test uses. Every one is the beginning of a later one: prefixes that are not closed show. */
  newMiner(): string
}

/** Every generation that there can be. */
export const allGenerations = { fromGeneration: 0, toGeneration: 999_999 } as const

/** The largest task id, of twelve digits. */
export const LAST_TASK_ID = 999_999_999_999

/** Stores a sample and gives what is stored. */
export async function putSample(
  suite: SampleSuite,
  fields: Partial<NewSample>,
  answer?: string,
): Promise<Sample> {
  return (await suite.repository.put(buildPutSample(fields, answer))).sample
}

/** The present ids of a sample's scope in all generations. */
export function presentIds(suite: SampleSuite, sample: NewSample): Promise<readonly number[]> {
  return suite.repository.listPresentTaskIds({ scope: sampleScopeOf(sample), ...allGenerations })
}

/** Only the task ids. */
export function idsOf(samples: readonly Pick<SampleKey, 'taskId'>[]): readonly number[] {
  return samples.map(({ taskId }) => taskId)
}

/** All of a list, page by page; no page may be longer than asked for. */
export async function readPages<T>(
  read: (page: { limit: number; cursor: string | null }) => Promise<Page<T>>,
  limit: number,
): Promise<readonly T[]> {
  const items: T[] = []
  let cursor: string | null = null
  do {
    const page: Page<T> = await read({ limit, cursor })
    expect(page.items.length).toBeLessThanOrEqual(limit)
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  return items
}

/** The call must refuse its input. */
export async function expectInvalid(call: Promise<unknown>): Promise<void> {
  await expect(call).rejects.toMatchObject({ code: 'invalid_input' })
}
