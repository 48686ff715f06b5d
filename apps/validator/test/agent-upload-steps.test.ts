import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { addressOf } from '@subnetkit/core/ss58'
import { FolderAgentCodeStore } from '../src/adapters/folder-agent-code-store.ts'
import type { Validator } from '../src/compose.ts'
import { storeUpload } from '../src/uploads/store-upload.ts'
import type { UploadDeps } from '../src/uploads/upload-deps.ts'
import { uploadSettingsSchema } from '../src/uploads/upload-settings.ts'
import { openValidator } from './fixtures/open-validator.ts'
import { quietLog } from './fixtures/quiet-log.ts'
const validators = [1, 2].map((byte) => addressOf(new Uint8Array(32).fill(byte)))
let dataDir = ''
let validator: Validator
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'upload-steps-'))
  validator = await openValidator(dataDir)
  await validator.init({ pointInTimeRecovery: false })
})
afterAll(async () => {
  await validator[Symbol.asyncDispose]()
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

/** What an upload works with in a process that dies before its n-th step; of none when there are fewer. */
function depsUntil(last: number): UploadDeps & { readonly stepsOf: () => number } {
  let steps = 0
  const { repositories, now } = validator
  const mortal =
    <Args extends readonly unknown[], Result>(run: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      steps += 1
      if (steps >= last) throw new Error('killed here')
      return await run(...args)
    }
  const { agents, agentVersions, evaluations, agentUploads } = repositories
  const code = new FolderAgentCodeStore(join(dataDir, 'agent-code'))
  return {
    repositories: {
      ...repositories,
      agentUploads: {
        find: (...args) => agentUploads.find(...args),
        list: (...args) => agentUploads.list(...args),
        claim: mortal((...args: Parameters<typeof agentUploads.claim>) => agentUploads.claim(...args)),
        complete: mortal((...args: Parameters<typeof agentUploads.complete>) =>
          agentUploads.complete(...args),
        ),
      },
    },
    agents: {
      agents: {
        find: (...args) => agents.find(...args),
        findByHotkey: (...args) => agents.findByHotkey(...args),
        count: (...args) => agents.count(...args),
        put: mortal((...args: Parameters<typeof agents.put>) => agents.put(...args)),
      },
      agentVersions: {
        find: (...args) => agentVersions.find(...args),
        findLatest: (...args) => agentVersions.findLatest(...args),
        put: mortal((...args: Parameters<typeof agentVersions.put>) => agentVersions.put(...args)),
      },
      evaluations: Object.assign(Object.create(evaluations), {
        list: (...args: Parameters<typeof evaluations.list>) => evaluations.list(...args),
        replace: mortal((...args: Parameters<typeof evaluations.replace>) => evaluations.replace(...args)),
        create: mortal((...args: Parameters<typeof evaluations.create>) => evaluations.create(...args)),
      }),
    },
    code: {
      find: (...args) => code.find(...args),
      put: mortal((...args: Parameters<typeof code.put>) => code.put(...args)),
    },
    settings: async () => uploadSettingsSchema.parse({}),
    evaluators: async () => new Set(validators),
    now,
    newId: randomUUID,
    log: quietLog(),
    answered: () => undefined,
    stepsOf: () => steps,
  }
}

it('is finished by a retry, killed before each of its steps, and the version before it is replaced', async () => {
  const fileOf = (minerHotkey: string, versionNum: number) => {
    const content = new TextEncoder().encode(`def agent_main(p): return ${versionNum}\n`)
    const sha256 = createHash('sha256').update(content).digest('hex')
    return { minerHotkey, name: 'alpha', versionNum, sha256, content }
  }
  let steps = 0
  // Every third step outside the soak: before the claim, the version, and the last evaluation.
  const stride = process.env['SUBNETKIT_SOAK'] === '1' ? 1 : 3
  for (let last = 1; steps === 0; last += stride) {
    const hotkey = addressOf(randomBytes(32))
    const whole = depsUntil(Infinity)
    const first = await storeUpload(whole, fileOf(hotkey, 0))
    const dying = depsUntil(last)
    const file = fileOf(hotkey, 1)
    const outcome = await storeUpload(dying, file).catch((error: unknown) => error)
    if (!(outcome instanceof Error)) steps = dying.stepsOf()
    else expect(outcome.message).toBe('killed here')
    // Nobody else gets the number from the first step on.
    if (last > 2) {
      const other = { ...file, sha256: 'f'.repeat(64) }
      await expect(storeUpload(whole, other)).rejects.toMatchObject({ details: { reason: 'other_content' } })
    }
    const stored = await storeUpload(whole, file)
    expect(stored.agent).toMatchObject({
      agentId: first.agent.agentId,
      minerHotkey: hotkey,
      latestVersion: 1,
    })
    expect(stored.version).toMatchObject({ versionNum: 1, score: null })
    const states = (evaluations: typeof stored.evaluations) => evaluations.map(({ status }) => status)
    expect(states(stored.evaluations)).toEqual(['waiting', 'waiting'])
    const { versionId } = first.version
    const older = await validator.repositories.evaluations.list({ versionId, limit: 9 })
    expect(states(older.items)).toEqual(['replaced', 'replaced'])
    expect(await whole.code.find(file)).not.toBeNull()
    const upload = await validator.repositories.agentUploads.find({ minerHotkey: hotkey, versionNum: 1 })
    expect(upload?.completedAt).toEqual(expect.any(Date))
    expect(await storeUpload(whole, file)).toEqual(stored)
  }
  // Claim, file, agent, version, the older version's replacement, two evaluations, completion.
  expect(steps).toBe(8)
}, 600_000)
