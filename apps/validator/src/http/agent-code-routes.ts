import { StorageError, uuidSchema } from '@subnetkit/core'
import type { HttpServer } from '@subnetkit/core/http'
import { z } from 'zod'

import { EVALUATORS_KEY } from '../agents/evaluators/evaluators.ts'
import { getAgent, getVersion } from '../agents/view/agent-lookup.ts'
import { onlyAllowed } from '../auth/may-ask.ts'
import type { ApiDeps } from './api-deps.ts'
import { addSignedScope } from './signed-scope.ts'

/** Requests of one address in a minute: a file may have megabytes. */
const CODE_PER_MINUTE = 300

/**
 * The files of agents, for those alone who judge them: what everybody may read, everybody may copy. An earlier platform
 * had it as `GET /retrieval/agent-version-file`, for all.
 */
export function addAgentCodeRoutes(server: HttpServer, deps: ApiDeps): void {
  const mayAsk = onlyAllowed({ allowed: deps.evaluators, allowedBy: EVALUATORS_KEY })
  addSignedScope(server, { admission: deps.admission, mayAsk, body: 'bytes' }, (scope) => {
    scope.get(
      '/v1/versions/:versionId/code',
      {
        config: { rateLimit: { max: CODE_PER_MINUTE, timeWindow: 60_000 } },
        schema: {
          summary:
            'The file of a version, as its miner uploaded it; signed by a validator of `agents.validators`, without a body. The header etag is its SHA-256',
          params: z.strictObject({ versionId: uuidSchema }),
        },
      },
      async ({ params: { versionId }, signal }, reply) => {
        const { sha256, content } = await readCode(deps, versionId, signal)
        reply.header('etag', `"${sha256}"`).header('cache-control', 'no-store')
        return await reply.type('text/x-python; charset=utf-8').send(Buffer.from(content))
      },
    )
  })
}

/** @throws StorageError `not_found` for a version that is not known, or whose file is not kept here. */
async function readCode(
  deps: ApiDeps,
  versionId: string,
  signal: AbortSignal,
): Promise<Readonly<{ sha256: string; content: Uint8Array }>> {
  const { code, repositories } = deps.uploads
  const version = await getVersion(deps, versionId, { signal })
  const { minerHotkey } = await getAgent(deps, version, { signal })
  const { versionNum } = version
  const upload = await repositories.agentUploads.find({ minerHotkey, versionNum }, { signal })
  const content = upload?.versionId === versionId ? await code.find(upload) : null
  if (upload !== null && content !== null) return { sha256: upload.sha256, content }
  throw new StorageError({
    code: 'not_found',
    message: `the file of version ${versionId} is not kept here: it was imported without its file, or taken in by a server with another data folder`,
    details: { versionId },
  })
}
