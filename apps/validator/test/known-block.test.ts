import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createManualClock, silentLogger } from '@subnetkit/core'
import { createDynamoRepositories, connectDynamo } from '@subnetkit/storage-dynamo'
import { expect, it } from 'vitest'

import { openLocalChain } from '../src/adapters/local-chain/open-local-chain.ts'
import { readKnownBlock } from '../src/compose-known-block.ts'
import { localChainFolder } from '../src/compose-local-chain.ts'
import { readConfig } from '../src/config.ts'
import { blockMs, localSubnet, netuid, startedAt, validator } from './fixtures/local-subnet.ts'

it('is the height of the local chain where there is one, and none is begun for it', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'validator-block-'))
  const clock = createManualClock(startedAt.getTime())
  // Nothing is asked of the store.
  const connection = connectDynamo({ endpoint: 'http://127.0.0.1:9', tablePrefix: 'none' })
  const repositories = createDynamoRepositories(connection)
  const shared = { dataDir, netuid, validatorHotkey: validator, clock, log: silentLogger, repositories }
  const { chain: config } = readConfig({ SUBNETKIT_DATA: dataDir }, dataDir)
  const read = async (url: string | null) => await readKnownBlock({ ...shared, config: { ...config, url } })
  expect(await read(null)).toBeNull()
  expect(await readdir(dataDir)).toEqual([])

  const folder = localChainFolder(dataDir, netuid)
  const createSubnet = (): ReturnType<typeof localSubnet> => localSubnet({}, 5, 1_000)
  await openLocalChain({ folder, clock, log: silentLogger, createSubnet, signerHotkey: validator }).head()
  await clock.advance(7 * blockMs)
  expect(await read(null)).toEqual({ blockNumber: 1_007, at: clock.now(), blockMs })

  // A node that does not answer is no reason not to sample.
  expect(await read('ws://127.0.0.1:9')).toBeNull()
  await connection.close()
  await rm(dataDir, { recursive: true })
})
