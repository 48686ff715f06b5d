import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'

import { createClock, runTask } from '@subnetkit/core'
import { createVersionClock } from '@subnetkit/storage-clickhouse'

import { createClickHouseAxonProbeRepository } from './clickhouse-axon-probe-repository.ts'
import { connectStore } from './connect-store.ts'
import { connectTurns } from './connect-turns.ts'
import { createDynamoProbeTurnRepository } from './dynamo-probe-turn-repository.ts'
import { probeInvented } from './probe-invented.ts'
import { recordProbes } from './record-probes.ts'

const [network = 'finney', dataFolder = './data'] = process.argv.slice(2)
const clock = createClock({ now: Date.now })
const subnet = { network, netuid: 8 }
const rounds = 5

await using turns = await connectTurns({ env: process.env, dataFolder })
const probeTurns = createDynamoProbeTurnRepository(turns.connection)
const token = randomUUID()
const mine = { ...subnet, owner: `${hostname()}:${process.pid}`, token, forMs: 60_000, now: clock.now() }

if ((await probeTurns.take(mine)) === null) {
  console.log(`subnet ${subnet.netuid} of ${network} is being probed by another process`)
} else {
  await using connection = await connectStore({
    env: process.env,
    network,
    dataFolder,
    now: () => clock.now(),
  })
  const versions = createVersionClock({ now: Date.now, writerId: 0 })
  const deps = {
    probes: createClickHouseAxonProbeRepository(connection, versions),
    probeSubnet: probeInvented,
  }
  const uptimes = await runTask(recordProbes, deps, { ...subnet, rounds }, { clock, random: Math.random })
  for (const { uid, probes, answered, medianLatencyMs } of uptimes) {
    console.log(`uid ${uid}: ${answered} of ${probes} answered, median ${medianLatencyMs ?? '–'} ms`)
  }
  await probeTurns.end({ ...subnet, token, rounds })
}
