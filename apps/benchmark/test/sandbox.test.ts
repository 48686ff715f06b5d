import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { silentLogger } from '@subnetkit/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type BundledProgram, bundleProgram } from '../../../packages/core/test/bundle-program.ts'
import { openSandbox } from '../src/adapters/open-sandbox.ts'
import { buildsAndLeftovers } from './builds-and-leftovers.ts'
import { hostilePrograms } from './hostile-programs.ts'
import { sandboxesUnderTest, type StartedSandbox, startSandbox } from './sandbox-engines.ts'
import { buildCast } from './sandbox-runs.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const signal = new AbortController().signal
const plain = 'subnetkit/node:1'
const withEngine = 'subnetkit/node-clickhouse:1'

let victim: BundledProgram
beforeAll(async () => {
  victim = await bundleProgram(join(import.meta.dirname, '..'), join('test', 'fixtures', 'sandbox-victim.ts'))
})
afterAll(async () => {
  await victim[Symbol.asyncDispose]()
})

describe.each(sandboxesUnderTest)('a sandbox', (under) => {
  const title = under.isThere ? under.name : `${under.name} [needs ${under.need}]`
  // To make an image costs a container engine seconds, and nothing else: one for all programs, but for the soak.
  const isWhole = isSoak || under.kind === 'bubblewrap'
  const bases = isWhole ? [plain, withEngine] : [withEngine]
  const [base = plain] = bases

  describe.skipIf(!under.isThere)(`of ${title}`, () => {
    let opened: StartedSandbox
    const started = (): StartedSandbox => opened
    beforeAll(async () => {
      opened = await startSandbox(under, tmpdir(), isWhole)
      for (const one of bases) await buildCast(opened, one)
    }, 180_000)
    afterAll(async () => {
      await opened.close()
    }, 60_000)

    hostilePrograms({ started, bases, isWhole })
    buildsAndLeftovers({ under, started, base, victim: () => victim, isPrepared: isWhole })
  })
})

describe('opening a sandbox', () => {
  it('names the socket that does not answer, and the two ways out', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'subnetkit-none-'))
    const dockerHost = 'unix:///nowhere/docker.sock'
    const opening = openSandbox({ kind: 'auto', folder, dockerHost, log: silentLogger, signal })
    await expect(opening).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(
        /nowhere\/docker\.sock[\s\S]*Docker or Podman[\s\S]*apt install bubblewrap/,
      ),
    })
    await rm(folder, { recursive: true })
  })

  it('refuses an engine of another machine', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'subnetkit-none-'))
    const dockerHost = 'tcp://10.0.0.1:2375'
    const opening = openSandbox({ kind: 'container', folder, dockerHost, log: silentLogger, signal })
    await expect(opening).rejects.toThrow(/no socket of this machine/)
    await rm(folder, { recursive: true })
  })
})
