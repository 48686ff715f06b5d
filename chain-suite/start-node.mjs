// A process of its own: starts the runtime of a chain spec, writes its address as one line, ends with its stdin.
import { readFileSync } from 'node:fs'

import { getAuraSlotDuration, setupWithServer } from '@acala-network/chopsticks'

import { rawGenesis, slotDuration } from './raw-genesis.mjs'

const spec = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const top = await rawGenesis(spec)
getAuraSlotDuration.cache?.set(top['0x3a636f6465'], Promise.resolve(await slotDuration(top)))

const { addr, close } = await setupWithServer({
  genesis: { ...spec, genesis: { raw: { top, childrenDefault: spec.genesis.raw?.childrenDefault ?? {} } } },
  port: 0,
  host: '127.0.0.1',
  'build-block-mode': 'Manual',
  'allow-unresolved-imports': true,
  'mock-signature-host': false,
  'runtime-log-level': 0,
})
process.stdout.write(`\nlistening on ws://${addr}\n`)
process.stdin.resume().on('end', () => {
  void close().finally(() => process.exit(0))
})
