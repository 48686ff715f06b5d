import { InputError } from '@subnetkit/core'
import { networkSchema, utcDateSchema } from '@subnetkit/core'

/** The file formats that a dataset can be written in. */
export const datasetFormats = ['parquet', 'csv', 'jsonl'] as const
/** One of {@link datasetFormats}. */
export type DatasetFormat = (typeof datasetFormats)[number]

/** Everything that decides a dataset's bytes. */
export interface DatasetOptions {
  readonly network: string
  /** The day after the window, `YYYY-MM-DD`: the window ends at its midnight, UTC. */
  readonly date: string
  readonly windowDays: number
  readonly transfers: number
  /** Any text; it decides every draw. Whoever knows it can make the truth again. */
  readonly seed: string
  readonly format: DatasetFormat
  /** Written into META.json as it is; the wall clock is never read. */
  readonly generatedAt: string
}

/** What a person gives: all of it as text, as flags are. */
export type DatasetOptionTexts = Readonly<
  Record<'network' | 'date' | 'windowDays' | 'transfers' | 'seed' | 'format', string> & {
    generatedAt?: string | undefined
  }
>

function parseCount(flag: string, value: string, low: number, high: number): number {
  const count = Number(value.replaceAll('_', ''))
  if (!/^\d[\d_]*$/.test(value) || !Number.isSafeInteger(count) || count < low || count > high) {
    throw new InputError({
      field: flag,
      value,
      problem: `is not a whole number from ${low} to ${high}`,
      hint: `give for example ${flag} ${flag === '--window-days' ? 30 : 100_000}`,
    })
  }
  return count
}

function parseFormat(value: string): DatasetFormat {
  const format = datasetFormats.find((one) => one === value)
  if (format !== undefined) return format
  throw new InputError({
    field: '--format',
    value,
    problem: 'is not a format that can be written',
    hint: `choose one of ${datasetFormats.join(', ')}`,
  })
}

function parseInstant(value: string): string {
  const time = Date.parse(value)
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/.test(value) && !Number.isNaN(time))
    return new Date(time).toISOString()
  throw new InputError({
    field: '--generated-at',
    value,
    problem: 'is not a point in time',
    hint: 'give UTC as 2025-08-01T00:00:00Z, or leave the flag out for midnight of --date',
  })
}

/** Checks and completes what was asked for; throws an InputError that names the flag. */
export function parseDatasetOptions(texts: DatasetOptionTexts): DatasetOptions {
  if (!networkSchema.safeParse(texts.network).success) {
    throw new InputError({
      field: '--network',
      value: texts.network,
      problem: 'is not a network name',
      hint: 'give a lower-case letter, then up to 31 letters, digits or _, for example torus',
    })
  }
  if (!utcDateSchema.safeParse(texts.date).success) {
    throw new InputError({
      field: '--date',
      value: texts.date,
      problem: 'is not a date that exists',
      hint: 'give YYYY-MM-DD between 1970 and 2149, for example 2025-08-01',
    })
  }
  if (texts.seed === '' || texts.seed.length > 256) {
    throw new InputError({
      field: '--seed',
      value: texts.seed,
      problem: 'must have 1 to 256 characters',
      hint: 'give any text, for example --seed 42',
    })
  }
  const windowDays = parseCount('--window-days', texts.windowDays, 1, 366)
  if (Date.parse(`${texts.date}T00:00:00Z`) < windowDays * 86_400_000) {
    throw new InputError({
      field: '--date',
      value: texts.date,
      problem: 'lets the window begin before 1970',
      hint: 'give a later day or fewer --window-days',
    })
  }
  return {
    network: texts.network,
    date: texts.date,
    windowDays,
    transfers: parseCount('--transfers', texts.transfers, 1_000, 10_000_000),
    seed: texts.seed,
    format: parseFormat(texts.format),
    generatedAt: parseInstant(texts.generatedAt ?? `${texts.date}T00:00:00Z`),
  }
}
