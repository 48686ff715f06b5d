import {
  agentSchema,
  agentVersionSchema,
  countSchema,
  evaluationRunSchema,
  evaluationSchema,
  hotkeySchema,
  instantSchema,
  unitIntervalSchema,
  uuidSchema,
  versionNumSchema,
} from '@subnetkit/core'
import { z } from 'zod'

const nameSchema = agentSchema.shape.name

/** One place of the top. */
export const topAgentSchema = z.strictObject({
  agentId: uuidSchema,
  minerHotkey: hotkeySchema,
  name: nameSchema,
  versionId: uuidSchema,
  versionNum: versionNumSchema,
  versionCreatedAt: instantSchema,
  score: unitIntervalSchema.nullable(),
})

/** An agent with the versions that count. */
export const agentReplySchema = z.strictObject({
  agent: agentSchema,
  latestVersion: agentVersionSchema.nullable(),
  latestScoredVersion: agentVersionSchema.nullable(),
  isScoredVersionKnown: z
    .boolean()
    .describe('false while only the record could tell of scored versions, and it is not there'),
})

/** How the registry stands. */
export const agentStatisticsSchema = z.strictObject({
  versions: countSchema,
  versionsLastDay: countSchema,
  topScore: unitIntervalSchema.nullable(),
  dailyScoreImprovement: z.number(),
})

/** Who leads. */
export const agentLeaderSchema = z.strictObject({
  agentId: uuidSchema,
  minerHotkey: hotkeySchema,
  versionId: uuidSchema,
  versionCreatedAt: instantSchema,
  score: unitIntervalSchema,
})

/** Most characters of a run's error that a list shows. */
export const SHOWN_ERROR = 500

const { response, error, ...runShape } = evaluationRunSchema.omit({
  passToFailSuccess: true,
  failToPassSuccess: true,
  passToPassSuccess: true,
  failToFailSuccess: true,
}).shape
const { passToFailSuccess, failToPassSuccess, passToPassSuccess, failToFailSuccess } =
  evaluationRunSchema.shape

/** A run of a list: without the texts that make it large, or with them. */
export const runReplySchema = z.strictObject({
  ...runShape,
  error: z.string().nullable().describe(`its first ${SHOWN_ERROR} characters`),
  responseCharacters: countSchema.describe('length of the patch'),
  tests: z.strictObject({
    passToFail: countSchema,
    failToPass: countSchema,
    passToPass: countSchema,
    failToFail: countSchema,
  }),
  texts: z
    .strictObject({
      response,
      error,
      passToFailSuccess,
      failToPassSuccess,
      passToPassSuccess,
      failToFailSuccess,
    })
    .nullable()
    .describe('with include=response only; the miner’s and the validator’s own words'),
})

/** An evaluation with what it is of. */
export const executionReplySchema = z.strictObject({
  evaluation: evaluationSchema,
  agent: agentSchema,
  version: agentVersionSchema,
  runs: z.array(runReplySchema).readonly(),
})
