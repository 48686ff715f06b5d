// A process of its own: starts the runtime of a raw chain spec, writes its address as one line, ends with its stdin.
import { readFileSync } from 'node:fs'

import { emptyTaskHandler, getAuraSlotDuration, runTask, setupWithServer } from '@acala-network/chopsticks'

const CODE = '0x3a636f6465'
const spec = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const top = spec.genesis?.raw?.top
if (top?.[CODE] === undefined)
  throw new Error('give a raw chain spec: genesis.raw.top with the code of a runtime')
// Keys are walked in the order of the file, and the runtime expects them sorted.
spec.genesis.raw.top = Object.fromEntries(
  Object.entries(top).sort(([one], [other]) => (one < other ? -1 : 1)),
)
// Asked with the runtime's own host functions left unresolved, which the library's own question is not.
getAuraSlotDuration.cache?.set(top[CODE], Promise.resolve(await slotDuration()))

const { addr, close } = await setupWithServer({
  genesis: spec,
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

async function slotDuration() {
  const task = {
    wasm: top[CODE],
    calls: [['AuraApi_slot_duration', []]],
    mockSignatureHost: false,
    allowUnresolvedImports: true,
    runtimeLogLevel: 0,
  }
  const answer = await runTask(task, { ...emptyTaskHandler, getStorage: async (key) => top[key] })
  if (answer.Call === undefined)
    throw new Error(`the runtime tells no slot duration: ${JSON.stringify(answer)}`)
  return Number(Buffer.from(answer.Call.result.slice(2), 'hex').readBigUInt64LE())
}
