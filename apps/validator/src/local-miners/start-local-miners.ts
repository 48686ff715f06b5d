import { createHash } from 'node:crypto'

import { parseInput } from '@subnetkit/core'
import { z } from 'zod'

import { addressOf } from '@subnetkit/core/ss58'
import { TaskDraws } from '../environments/task-draws.ts'
import { drawProfile } from './local-miner-profile.ts'
import { replyOf } from './local-miner-reply.ts'
import { startLocalMinerServer } from './local-miner-server.ts'
import { createSolvers } from './solve-task.ts'

/** A miner on this machine. */
export interface LocalMiner {
  /** Of no one: its key is made from the seed. */
  readonly hotkey: string
  /** On loopback: a client must be told that private addresses are fine. */
  readonly endpoint: string
  readonly modelName: string
  /** Which share of tasks it solves, over all environments. */
  readonly skill: number
  /** The same by environment. */
  readonly skills: ReadonlyMap<string, number>
}

/** Running local miners. */
export interface LocalMiners extends AsyncDisposable {
  readonly miners: readonly LocalMiner[]
  close(): Promise<void>
}

/** What decides who the local miners are. */
export interface StartLocalMinersParams {
  /** 1 to 256. */
  readonly count: number
  /** The same seed and count give the same miners with the same answers. */
  readonly seed: number
  /** That of the validator: local miners look answers up. @default '' */
  readonly secret?: string
  /** What an answer takes about, in ms; miners differ from half to double. @default 15 */
  readonly latencyMs?: number
  /** Share of tasks on which servers misbehave, for all miners alike. @default 1 %, and 15 % for every sixth */
  readonly faultShare?: number
  /** How long a stalled miner says nothing, in ms. @default 2,000 */
  readonly stallMs?: number
}

const paramsSchema = z.strictObject({
  count: z.int().min(1).max(256),
  seed: z.int().min(0),
  secret: z.string().default(''),
  latencyMs: z.number().min(0).max(60_000).default(15),
  faultShare: z.number().min(0).max(1).nullable().default(null),
  stallMs: z.int().min(0).max(600_000).default(2_000),
})

/**
 * Plays miners of different skill, speed and reliability over real HTTP on loopback, for trying the whole way without
 * a chain or a model. @throws InputError when a parameter is out of range.
 */
export async function startLocalMiners(params: StartLocalMinersParams): Promise<LocalMiners> {
  const { count, seed, secret, latencyMs, faultShare, stallMs } = parseInput(paramsSchema, params, {
    subject: 'local miners',
  })
  const solvers = createSolvers(secret)
  const environments = solvers.map(({ environment }) => environment)
  const players = Array.from({ length: count }, (_, index) => {
    const identity = `local miner ${seed}:${index}`
    const profile = drawProfile(new TaskDraws(identity), index, {
      count,
      environments,
      latencyMs,
      faultShare,
    })
    return { identity, profile }
  })
  const server = await startLocalMinerServer({
    stallMs,
    reply: (index, task) => {
      const player = players[index]
      return player === undefined ? null : replyOf(player.identity, player.profile, solvers, task)
    },
  })
  return {
    miners: players.map(({ identity, profile }, index) => ({
      hotkey: addressOf(createHash('sha256').update(identity, 'utf8').digest()),
      endpoint: server.endpointOf(index),
      modelName: `local/miner-${index}`,
      skill: profile.skill,
      skills: profile.skills,
    })),
    close: server.close,
    [Symbol.asyncDispose]: server.close,
  }
}
