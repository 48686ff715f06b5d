import { toStorageError } from './errors.ts'
import { quoteIdentifier } from './quote-identifier.ts'
import type { RunnerContext } from './runner-context.ts'

/** Pauses before looking again for a statement that may not have reached the server yet. */
const LATE_ARRIVAL_MS = [0, 25, 100, 400] as const

/**
 * Ends a statement on the server. A statement whose answer had begun is looked for once; another one a few times, since
 * the KILL may overtake it. Never throws: the caller is already on its way to report why it gave up.
 */
export async function killStatement(
  context: RunnerContext,
  queryId: string,
  hasAnswered: boolean,
): Promise<void> {
  const { options, logger } = context
  try {
    for (const pause of hasAnswered ? [0] : LATE_ARRIVAL_MS) {
      if (pause > 0) await options.sleep(pause)
      if (await kill(context, queryId)) return
    }
  } catch (error) {
    const { code, message } = toStorageError(error, { operation: 'kill', queryId })
    logger?.warn({ queryId, code, problem: message }, 'clickhouse statement could not be killed')
  }
}

/** True when the server knew the statement. */
async function kill({ reader, cluster, options }: RunnerContext, queryId: string): Promise<boolean> {
  const onCluster = cluster === null ? '' : ` ON CLUSTER ${quoteIdentifier(cluster)}`
  const { stream } = await reader.exec({
    query: `KILL QUERY${onCluster} WHERE query_id = {queryId:String} ASYNC FORMAT TabSeparated`,
    query_params: { queryId },
    abort_signal: AbortSignal.timeout(options.killTimeoutMs),
  })
  let bytes = 0
  for await (const chunk of stream) bytes += Buffer.isBuffer(chunk) ? chunk.length : 0
  return bytes > 0
}
