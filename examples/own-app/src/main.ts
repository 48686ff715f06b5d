import { createClock, runTask } from '@subnetkit/core'
import { createVersionClock } from '@subnetkit/storage-clickhouse'

import { createClickHouseAxonProbeRepository } from './clickhouse-axon-probe-repository.ts'
import { connectStore } from './connect-store.ts'
import { probeInvented } from './probe-invented.ts'
import { recordProbes } from './record-probes.ts'

const [network = 'finney', dataFolder = './data'] = process.argv.slice(2)
const clock = createClock({ now: Date.now })

await using connection = await connectStore({ env: process.env, network, dataFolder, now: () => clock.now() })
const versions = createVersionClock({ now: Date.now, writerId: 0 })
const deps = {
  probes: createClickHouseAxonProbeRepository(connection, versions),
  probeSubnet: probeInvented,
}
const uptimes = await runTask(
  recordProbes,
  deps,
  { network, netuid: 8, rounds: 5 },
  { clock, random: Math.random },
)

for (const { uid, probes, answered, medianLatencyMs } of uptimes) {
  console.log(`uid ${uid}: ${answered} of ${probes} answered, median ${medianLatencyMs ?? '–'} ms`)
}
