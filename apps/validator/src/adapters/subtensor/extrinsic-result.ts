import { z } from 'zod'

import { ChainError } from '../../ports/chain.ts'
import { parseAnswer, type ChainSession } from './chain-session.ts'

const blockSchema = z.object({ block: z.object({ extrinsics: z.array(z.string()) }) })
const variantSchema = z.object({ type: z.string(), value: z.unknown() })
const eventsSchema = z.object({
  events: z.array(
    z.object({
      phase: variantSchema,
      event: z.object({ type: z.string(), value: variantSchema }),
    }),
  ),
})
const failureSchema = z.object({ dispatch_error: variantSchema })

/** What became of an extrinsic in its block: `error` is null, or the chain's own name of what it failed with. */
export interface ExtrinsicResult {
  readonly blockNumber: number
  readonly error: string | null
  /** Where the error is declared, such as `SubtensorModule`. */
  readonly origin: string | null
}

/** @throws ChainError `bad_answer` when the block does not have the extrinsic or tells nothing of it. */
export async function readExtrinsicResult(
  session: ChainSession,
  params: Readonly<{ blockHash: string; extrinsic: string }>,
  signal?: AbortSignal,
): Promise<ExtrinsicResult> {
  const { blockHash, extrinsic } = params
  const { block } = await session.ask(blockSchema, 'chain_getBlock', [blockHash], signal)
  const at = block.extrinsics.indexOf(extrinsic)
  if (at === -1) throw badAnswer(`block ${blockHash} does not have the extrinsic that it was said to have`)
  const runtime = await session.runtimeAt(blockHash, signal)
  const read = await session.read(
    runtime,
    blockHash,
    { events: { pallet: 'System', item: 'Events', args: [] } },
    signal,
  )
  const { events } = parseAnswer(eventsSchema, `the events of block ${blockHash}`, read)
  const blockNumber = await session.numberOf(blockHash, signal)
  for (const { phase, event } of events) {
    if (phase.type !== 'ApplyExtrinsic' || phase.value !== at || event.type !== 'System') continue
    if (event.value.type === 'ExtrinsicSuccess') return { blockNumber, error: null, origin: null }
    if (event.value.type !== 'ExtrinsicFailed') continue
    const failure = parseAnswer(failureSchema, 'a failed extrinsic', event.value.value)
    return { blockNumber, ...nameOf(failure.dispatch_error) }
  }
  throw badAnswer(`block ${blockHash} tells neither success nor failure of its extrinsic ${at}`)
}

/** A module's error is nested: the pallet's name, then its own. */
function nameOf({ type, value }: z.infer<typeof variantSchema>): { error: string; origin: string | null } {
  const pallet = variantSchema.safeParse(value).data
  if (pallet === undefined) return { error: type, origin: null }
  const error = variantSchema.safeParse(pallet.value).data
  return error === undefined
    ? { error: pallet.type, origin: type }
    : { error: error.type, origin: pallet.type }
}

function badAnswer(message: string): ChainError {
  return new ChainError({ code: 'bad_answer', message })
}
