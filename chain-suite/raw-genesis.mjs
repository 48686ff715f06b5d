import { emptyTaskHandler, runTask } from '@acala-network/chopsticks'

const CODE = '0x3a636f6465'

/** The storage that a chain begins with, by sorted key; a plain spec's is built by its own runtime. */
export async function rawGenesis(spec) {
  const top = spec.genesis?.raw?.top ?? (await builtGenesis(spec.genesis?.runtimeGenesis))
  if (top?.[CODE] === undefined)
    throw new Error(
      'give a raw chain spec (genesis.raw.top with the code of a runtime), or a plain one with its code',
    )
  // Keys are walked in their order here, and the runtime expects them sorted.
  return Object.fromEntries(Object.entries(top).sort(([one], [other]) => (one < other ? -1 : 1)))
}

/** Milliseconds; asked with the runtime's host functions left unresolved, which the library's own question is not. */
export async function slotDuration(top) {
  const answer = await answered(top[CODE], 'AuraApi_slot_duration', '0x', top)
  return Number(bytesOf(answer.result).readBigUInt64LE())
}

async function builtGenesis(genesis) {
  const code = genesis?.code
  if (typeof code !== 'string') return undefined
  const base = JSON.parse((await defaultGenesis(code)).toString('utf8'))
  const config = Buffer.from(JSON.stringify(genesis.config ?? merged(base, genesis.patch ?? {})))
  const argument = `0x${Buffer.concat([compact(config.length), config]).toString('hex')}`
  const built =
    (await ask(code, 'GenesisBuilder_build_state', argument)) ??
    (await answered(code, 'GenesisBuilder_build_config', argument))
  if (bytesOf(built.result)[0] !== 0)
    throw new Error(`the runtime refuses the spec: ${bytesOf(built.result).subarray(2).toString('utf8')}`)
  return { ...Object.fromEntries(built.storageDiff.filter(([, value]) => value !== null)), [CODE]: code }
}

/** The runtime's own configuration as JSON, by its first or its present name. */
async function defaultGenesis(code) {
  const preset = await ask(code, 'GenesisBuilder_get_preset', '0x00')
  // The present one answers an option: its first byte says that there is one.
  const text =
    preset === undefined
      ? bytesOf((await answered(code, 'GenesisBuilder_create_default_config', '0x')).result)
      : bytesOf(preset.result).subarray(1)
  return text.length === 0 ? Buffer.from('{}') : text.subarray(compactSize(text[0]))
}

async function answered(wasm, call, argument, storage) {
  const answer = await ask(wasm, call, argument, storage)
  if (answer === undefined) throw new Error(`the runtime does not answer ${call}`)
  return answer
}

/** Undefined when the runtime lacks the call, or fails in it. */
async function ask(wasm, call, argument, storage = {}) {
  const task = {
    wasm,
    calls: [[call, [argument]]],
    mockSignatureHost: false,
    allowUnresolvedImports: true,
    runtimeLogLevel: 0,
  }
  const answer = await runTask(task, { ...emptyTaskHandler, getStorage: async (key) => storage[key] })
  return answer.Call
}

/** How JSON merges a patch: objects by their fields, all else is replaced, null takes away. */
function merged(base, patch) {
  if (!isObject(base) || !isObject(patch)) return patch
  const result = { ...base }
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name]
    else result[name] = merged(result[name], value)
  }
  return result
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The shortest form: runtimes refuse a longer one. */
function compact(length) {
  const size = length < 64 ? 1 : length < 16_384 ? 2 : 4
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(length * 4 + (size >> 1))
  return bytes.subarray(0, size)
}

function compactSize(first) {
  return [1, 2, 4][first & 3] ?? 0
}

function bytesOf(hex) {
  return Buffer.from(hex.slice(2), 'hex')
}
