import { metadata, type V15 } from '@polkadot-api/substrate-bindings'

import { TypeRegistry } from './type-registry.ts'

type Pallet = V15['pallets'][number]
type Item = NonNullable<Pallet['storage']>['items'][number]
type Hasher = 'Identity' | 'Blake2128Concat' | 'Twox64Concat'

/** What may be left out of the runtime, to see how its absence is told. */
export interface RuntimeLacks {
  readonly calls?: readonly string[]
  readonly storage?: readonly string[]
  readonly extension?: string
  /** Number of the type that calls have instead of their own. */
  readonly callType?: number
}

/**
 * Metadata of a runtime that has of subtensor what weights need, in the shapes that its source declares: no more, so that
 * no foreign file is kept for tests.
 */
export function subtensorMetadata(lacks: RuntimeLacks = {}): Uint8Array {
  const types = new TypeRegistry()
  const basic = basicTypes(types)
  const { u16, u32, u64, unit, account, bytes, hash } = basic
  const numbers = types.list(u16)
  const plain = (name: string, value: number, fallback: `0x${string}`): Item => ({
    name,
    modifier: 1,
    type: { tag: 'plain', value },
    fallback,
    docs: [],
  })
  const map = (
    name: string,
    hashers: readonly Hasher[],
    key: number,
    value: number,
    fallback: `0x${string}` | null,
  ): Item => ({
    name,
    modifier: fallback === null ? 0 : 1,
    type: {
      tag: 'map',
      value: { hashers: hashers.map((tag) => ({ tag, value: undefined })), key, value },
    },
    fallback: fallback ?? '0x00',
    docs: [],
  })
  const bySubnet = (name: string, value: number, fallback: `0x${string}`): Item =>
    map(name, ['Identity'], u16, value, fallback)
  const zero64 = '0x0000000000000000'
  const items: Item[] = [
    bySubnet('ActivityCutoff', u16, '0x8813'),
    bySubnet('ActivityCutoffFactorMilli', u32, '0x41360000'),
    bySubnet('CommitRevealWeightsEnabled', basic.bool, '0x00'),
    plain('CommitRevealWeightsVersion', u16, '0x0400'),
    bySubnet('LastUpdate', types.list(u64), '0x00'),
    bySubnet('MaxWeightsLimit', u16, '0xffff'),
    bySubnet('MinAllowedWeights', u16, '0x0100'),
    bySubnet('NetworksAdded', basic.bool, '0x00'),
    map('RevealPeriodEpochs', ['Twox64Concat'], u16, u64, '0x0100000000000000'),
    plain('StakeThreshold', u64, zero64),
    bySubnet('Tempo', u16, '0x6801'),
    bySubnet('LastEpochBlock', u64, zero64),
    bySubnet('LastMechansimStepBlock', u64, zero64),
    bySubnet('PendingEpochAt', u64, zero64),
    bySubnet('SubnetEpochIndex', u64, zero64),
    map('Uids', ['Identity', 'Blake2128Concat'], types.tuple(u16, account), u16, null),
    bySubnet('ValidatorTrust', numbers, '0x00'),
    map(
      'WeightCommits',
      ['Twox64Concat', 'Twox64Concat'],
      types.tuple(u16, account),
      types.list(types.tuple(hash, u64, u64, u64)),
      null,
    ),
    map(
      'TimelockedWeightCommits',
      ['Twox64Concat', 'Twox64Concat'],
      types.tuple(u16, u64),
      types.list(types.tuple(account, u64, bytes, u64)),
      '0x00',
    ),
    map(
      'Weights',
      ['Identity', 'Identity'],
      types.tuple(u16, u16),
      types.list(types.tuple(u16, u16)),
      '0x00',
    ),
    bySubnet('WeightsSetRateLimit', u64, '0x6400000000000000'),
    bySubnet('WeightsVersionKey', u64, zero64),
  ]
  const calls: Record<string, Record<string, number>> = {
    set_weights: { netuid: u16, dests: numbers, weights: numbers, version_key: u64 },
    commit_weights: { netuid: u16, commit_hash: hash },
    reveal_weights: { netuid: u16, uids: numbers, values: numbers, salt: numbers, version_key: u64 },
    commit_timelocked_weights: { netuid: u16, commit: bytes, reveal_round: u64, commit_reveal_version: u16 },
    commit_crv3_weights: { netuid: u16, commit: bytes, reveal_round: u64 },
  }
  const call = types.variants(
    'pallet_subtensor::pallet::Call',
    Object.fromEntries(Object.entries(calls).filter(([name]) => lacks.calls?.includes(name) !== true)),
  )
  const error = types.variants('pallet_subtensor::pallet::Error', {
    SettingWeightsTooFast: [],
    NeuronNoValidatorPermit: [],
  })
  const outer = outerTypes(types, basic, { call, error })
  const pallets: Pallet[] = [
    {
      ...emptyPallet('System', 0),
      storage: { prefix: 'System', items: [plain('Events', outer.events, '0x00')] },
      events: outer.systemEvent,
      constants: [{ name: 'SS58Prefix', type: u16, value: '0x2a00', docs: [] }],
    },
    {
      ...emptyPallet('Timestamp', 2),
      storage: { prefix: 'Timestamp', items: [plain('Now', u64, zero64)] },
    },
    {
      ...emptyPallet('Aura', 3),
      constants: [{ name: 'SlotDuration', type: u64, value: '0xe02e000000000000', docs: [] }],
    },
    {
      ...emptyPallet('SubtensorModule', 7),
      storage: {
        prefix: 'SubtensorModule',
        items: items.filter(({ name }) => lacks.storage?.includes(name) !== true),
      },
      calls: lacks.callType ?? call,
      errors: error,
    },
  ]
  const v15: V15 = {
    lookup: types.entries,
    pallets,
    extrinsic: {
      version: 4,
      address: outer.address,
      call: outer.call,
      signature: outer.signature,
      extra: unit,
      signedExtensions: [
        { identifier: 'CheckNonZeroSender', type: unit, additionalSigned: unit },
        { identifier: 'CheckSpecVersion', type: unit, additionalSigned: u32 },
        { identifier: 'CheckTxVersion', type: unit, additionalSigned: u32 },
        { identifier: 'CheckGenesis', type: unit, additionalSigned: hash },
        { identifier: 'CheckMortality', type: u16, additionalSigned: hash },
        { identifier: 'CheckNonce', type: types.compact(u32), additionalSigned: unit },
        { identifier: 'ChargeTransactionPayment', type: types.compact(u64), additionalSigned: unit },
        {
          identifier: lacks.extension ?? 'SubtensorTransactionExtension',
          type: lacks.extension === undefined ? unit : u64,
          additionalSigned: unit,
        },
        { identifier: 'CheckMetadataHash', type: basic.bool, additionalSigned: types.option(hash) },
      ],
    },
    type: unit,
    apis: [
      {
        name: 'SubnetInfoRuntimeApi',
        methods: [
          {
            name: 'get_metagraph',
            inputs: [{ name: 'netuid', type: u16 }],
            output: types.option(metagraphType(types, basic)),
            docs: [],
          },
        ],
        docs: [],
      },
    ],
    outerEnums: { call: outer.call, event: outer.event, error: outer.error },
    custom: [],
  }
  return metadata.enc({ magicNumber: 0x6174_656d, metadata: { tag: 'v15', value: v15 } })
}

type Basic = ReturnType<typeof basicTypes>

function basicTypes(types: TypeRegistry) {
  const u8 = types.primitive('u8')
  const hash = types.array(32, u8)
  return {
    u8,
    hash,
    unit: types.tuple(),
    bool: types.primitive('bool'),
    u16: types.primitive('u16'),
    u32: types.primitive('u32'),
    u64: types.primitive('u64'),
    bytes: types.list(u8),
    account: types.wrapper('sp_core::crypto::AccountId32', hash),
  }
}

function outerTypes(types: TypeRegistry, basic: Basic, inner: Readonly<{ call: number; error: number }>) {
  const { u8, u32, unit, account, hash } = basic
  const moduleError = types.struct('sp_runtime::ModuleError', { index: u8, error: types.array(4, u8) })
  const dispatchError = types.variants('sp_runtime::DispatchError', {
    Other: [],
    CannotLookup: [],
    BadOrigin: [],
    Module: [moduleError],
  })
  const systemEvent = types.variants('frame_system::pallet::Event', {
    ExtrinsicSuccess: { dispatch_info: unit },
    ExtrinsicFailed: { dispatch_error: dispatchError, dispatch_info: unit },
  })
  const event = types.variants('runtime::RuntimeEvent', { System: [systemEvent] })
  const phase = types.variants('frame_system::Phase', {
    ApplyExtrinsic: [u32],
    Finalization: [],
    Initialization: [],
  })
  const record = types.struct('frame_system::EventRecord', { phase, event, topics: types.list(hash) })
  const signature = types.array(64, u8)
  return {
    systemEvent,
    event,
    events: types.list(record),
    call: types.variants('runtime::RuntimeCall', { SubtensorModule: [inner.call] }, 7),
    error: types.variants('runtime::RuntimeError', { SubtensorModule: [inner.error] }, 7),
    address: types.variants('sp_runtime::multiaddress::MultiAddress', { Id: [account] }),
    signature: types.variants('sp_runtime::MultiSignature', {
      Ed25519: [signature],
      Sr25519: [signature],
      Ecdsa: [types.array(65, u8)],
    }),
  }
}

/** The runtime's metagraph, as far as it is read. */
function metagraphType(types: TypeRegistry, { u16, u64, bool, account }: Basic): number {
  const number16 = types.compact(u16)
  const number64 = types.compact(u64)
  const lists = { of16: types.list(number16), of64: types.list(number64), flags: types.list(bool) }
  return types.struct('pallet_subtensor::rpc_info::metagraph::Metagraph', {
    netuid: number16,
    owner_hotkey: account,
    block: number64,
    last_step: number64,
    hotkeys: types.list(account),
    coldkeys: types.list(account),
    active: lists.flags,
    validator_permit: lists.flags,
    last_update: lists.of64,
    emission: lists.of64,
    dividends: lists.of16,
    incentives: lists.of16,
    consensus: lists.of16,
    block_at_registration: lists.of64,
    total_stake: lists.of64,
  })
}

function emptyPallet(name: string, index: number): Pallet {
  return {
    name,
    index,
    storage: undefined,
    calls: undefined,
    events: undefined,
    constants: [],
    errors: undefined,
    docs: [],
  }
}
