import { z } from 'zod'

import { imageTypeSchema } from '../models/image-type.ts'
import { hotkeySchema, utcDateSchema } from '../models/scalars.ts'
import { baseContextSchema } from './base-context.ts'

/** A miner's database: a persisted name, stored in rows and asked for again months later. */
const minerDatabaseSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,191}$/, 'must be a database name: letters, digits and _')

/** An image as the container engine knows it now: a runtime reference, worthless after a clean-up; never stored as a key. */
const imageTagSchema = z
  .string()
  .max(255)
  .regex(
    /^[a-z0-9]+(?:[._/-][a-z0-9]+)*:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/,
    'must be an image reference in lower case with a tag, for example analytics-pipeline/5f:abc1234',
  )

/** A container as the engine knows it now: a runtime reference like the image tag. */
const containerNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/, 'must be a container name: letters, digits, _ . -')

/** The repository that a miner registered. Credentials do not belong into it. */
const repositorySchema = z
  .url({ protocol: /^https$/, error: 'must be an https URL' })
  .max(2048)
  .refine((text) => !text.includes('@'), 'must not carry a user or a password')

/** Tasks about one miner's submission of one type. */
export const benchmarkContextSchema = baseContextSchema.extend({
  hotkey: hotkeySchema,
  imageType: imageTypeSchema,
})
/** See {@link benchmarkContextSchema}. */
export type BenchmarkContext = z.infer<typeof benchmarkContextSchema>

/** Tasks about one epoch of a miner: scoring and clean-up. The epoch id is persisted. */
export const benchmarkEpochContextSchema = benchmarkContextSchema.extend({ epochId: z.uuid() })
/** See {@link benchmarkEpochContextSchema}. */
export type BenchmarkEpochContext = z.infer<typeof benchmarkEpochContextSchema>

/** Clone, scan and build one commit of a submission. */
export const benchmarkBuildContextSchema = benchmarkEpochContextSchema.extend({
  repository: repositorySchema,
  /** The full commit hash; null for the head of the default branch, which is then pinned. */
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/, 'must be 40 lower-case hex digits')
    .nullable(),
})
/** See {@link benchmarkBuildContextSchema}. */
export type BenchmarkBuildContext = z.infer<typeof benchmarkBuildContextSchema>

/**
 * Run a submission on one day's data. `imageTag` and `containerName` are runtime references and mean something only to
 * the engine that runs now; `runId`, `epochId` and `minerDatabase` are persisted names and never change.
 */
export const benchmarkRunContextSchema = benchmarkEpochContextSchema.extend({
  runId: z.uuid(),
  testDate: utcDateSchema,
  imageTag: imageTagSchema,
  containerName: containerNameSchema,
  minerDatabase: minerDatabaseSchema,
})
/** See {@link benchmarkRunContextSchema}. */
export type BenchmarkRunContext = z.infer<typeof benchmarkRunContextSchema>

/** Judge a finished run by what it wrote: persisted names only, since image and container may be gone. */
export const benchmarkValidateContextSchema = benchmarkEpochContextSchema.extend({
  runId: z.uuid(),
  minerDatabase: minerDatabaseSchema,
})
/** See {@link benchmarkValidateContextSchema}. */
export type BenchmarkValidateContext = z.infer<typeof benchmarkValidateContextSchema>
