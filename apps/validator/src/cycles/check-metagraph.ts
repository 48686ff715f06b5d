import { ChainError, type Metagraph } from '../ports/chain.ts'

/**
 * Refuses a subnet that cannot be: weights resolved by it would be paid to the wrong neurons.
 *
 * @throws ChainError `bad_answer` for a uid that is missing or stands twice, or a hotkey that stands twice.
 */
export function checkMetagraph(metagraph: Metagraph): Metagraph {
  const { netuid, blockNumber, neurons } = metagraph
  const seen = new Map<string, number>()
  for (const [place, { uid, hotkey }] of neurons.entries()) {
    const holder = seen.get(hotkey)
    if (uid === place && holder === undefined) {
      seen.set(hotkey, uid)
      continue
    }
    const problem =
      holder === undefined
        ? `uid ${uid} stands at place ${place}: one is missing or stands twice`
        : `hotkey ${hotkey} stands at the uids ${holder} and ${uid}`
    throw new ChainError({
      code: 'bad_answer',
      message: `the metagraph of subnet ${netuid} at block ${blockNumber} cannot be: ${problem}`,
    })
  }
  return metagraph
}
