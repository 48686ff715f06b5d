import { hotkeySchema } from '@subnetkit/core'
import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { checkMetagraph } from '../cycles/check-metagraph.ts'
import { readMinerStory } from '../cycles/miner-story.ts'
import { storyText } from '../cycles/story-text.ts'
import { findTrace } from '../record/find-trace.ts'
import { chainFlags, chainFlagsShape, withChain } from './chain-flags.ts'

const UID = /^\d{1,5}$/

const examples = `
Goes from the miner's incentive back to the weights that were sent, how the rule came to them, the scores that they were
made of, and the samples behind those.

Examples:
  $ validator weights explain 12
  $ validator weights explain 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY --json
`

/** `validator weights explain MINER`: why a miner got this weight, from the chain back to sample ids. */
export function weightsExplainCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'explain',
    description: 'tell why a miner got its weight: from incentive back to its samples',
    options: z.strictObject({ ...chainFlagsShape, miner: hotkeySchema }),
    flags: (command) => {
      chainFlags(command.argument('<miner>', 'a hotkey or a uid')).addHelpText('after', examples)
    },
    run: async ({ miner, ...flags }, session) =>
      await withChain(config, session, flags, false, async ({ validator, composed: { chain, netuid } }) => {
        const { log, signal } = session
        const metagraph = checkMetagraph(await chain.metagraph({ netuid }, { signal }))
        const { repositories, now, clock, openRecord } = validator
        const { validatorHotkey } = config
        const story = await readMinerStory(
          { repositories, metagraph, now: now() },
          { validatorHotkey, miner: UID.test(miner) ? Number(miner) : miner },
          { signal },
        )
        const found = await findTrace(
          { openRecord, minerScores: repositories.minerScores, clock, log, signal },
          { cycle: story.cycle, hotkey: story.hotkey, metagraph },
        )
        const { trace, source } = found
        return { value: { ...story, trace, traceSource: source }, text: storyText(story, found) }
      }),
  })
}
