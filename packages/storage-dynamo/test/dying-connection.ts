import { StorageError } from '@subnetkit/core'

import type { DynamoConnection } from '../src/index.ts'

/** Where a process dies around a write: before it is sent, or before its answer comes. */
type Moment = 'before' | 'after'

/** A connection of a process that dies, and when the last of what it had sent has arrived. */
interface Dying {
  readonly connection: DynamoConnection
  arrived(): Promise<void>
}

/**
 * The same connection, whose process "dies" around its n-th write: nothing of it is sent any more. Writes are counted
 * over all tables; a batch is one.
 */
function dyingAt(connection: DynamoConnection, write: number, moment: Moment): Dying {
  let writes = 0
  const sent = new Set<Promise<unknown>>()
  const { documents } = connection
  // Not retryable: the dead send nothing again.
  const died = (): StorageError =>
    new StorageError({ code: 'unavailable', message: 'killed here', retryable: false })
  const mortal =
    <Input, Options, Output>(run: (input: Input, options?: Options) => Promise<Output>) =>
    async (input: Input, options?: Options): Promise<Output> => {
      const turn = (writes += 1)
      if (turn > write || (turn === write && moment === 'before')) throw died()
      const request = run(input, options)
      sent.add(request)
      const output = await request
      if (turn === write) throw died()
      return output
    }
  const alive =
    <Input, Options, Output>(run: (input: Input, options?: Options) => Promise<Output>) =>
    async (input: Input, options?: Options): Promise<Output> => {
      if (writes > write) throw died()
      return run(input, options)
    }
  const dying: DynamoConnection = {
    ...connection,
    documents: {
      get: alive(documents.get),
      query: alive(documents.query),
      scan: alive(documents.scan),
      batchGet: alive(documents.batchGet),
      put: mortal(documents.put),
      update: mortal(documents.update),
      delete: mortal(documents.delete),
      batchWrite: mortal(documents.batchWrite),
    },
  }
  const arrived = async (): Promise<void> => {
    await Promise.allSettled(sent)
  }
  return { connection: dying, arrived }
}

/** Something to kill, and what must hold after it. */
interface Attempt {
  readonly work: Promise<unknown>
  check(): Promise<void>
}

/**
 * Kills a work before and after its first write, its second, and so on, until it gets through; `attempt` begins on a
 * fresh thing each time. Gives how many writes there are to be killed at.
 */
export async function killAtEachWrite(
  connection: DynamoConnection,
  attempt: (dying: DynamoConnection, cut: string) => Promise<Attempt>,
): Promise<number> {
  for (let write = 1; ; write += 1) {
    for (const moment of momentsOf(write)) {
      const dying = dyingAt(connection, write, moment)
      const { work, check } = await attempt(dying.connection, `${moment}${write}`)
      const [outcome] = await Promise.allSettled([work])
      if (outcome.status === 'rejected' && !isKill(outcome.reason)) throw outcome.reason
      await dying.arrived()
      await check()
      if (outcome.status === 'fulfilled') return write - 1
    }
  }
}

/** After a write is nearly before the next one: outside the soak they take turns. */
function momentsOf(write: number): readonly Moment[] {
  if (process.env['SUBNETKIT_SOAK'] === '1') return ['before', 'after']
  return write % 2 === 1 ? ['before'] : ['after']
}

function isKill(reason: unknown): boolean {
  if (!(reason instanceof Error)) return false
  return reason.message === 'killed here' || isKill(reason.cause)
}
