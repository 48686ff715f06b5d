import { createHash } from 'node:crypto'

import {
  actorSchema,
  departuresTo,
  executionOutcomes,
  hotkeySchema,
  instantSchema,
  minerDepartureSchema,
  minerPauseSchema,
  minerPlaceSchema,
  minerRegistrationSchema,
  StorageError,
  uidSchema,
  type CallOptions,
  type ExecutionOutcome,
  type Miner,
  type MinerDeparture,
  type MinerPlace,
  type MinerRegistration,
  type MinerRepository,
  type Page,
  type PageParams,
} from '@subnetkit/core'
import { z } from 'zod'

import { instantAttribute } from '../codecs/attributes.ts'
import { checkInput } from '../codecs/check-input.ts'
import type { Item } from '../codecs/item.ts'
import type { DynamoConnection } from '../connect.ts'
import {
  absent,
  allOf,
  anyOf,
  compare,
  contains,
  exists,
  not,
  type Condition,
} from '../requests/condition.ts'
import { getItem } from '../requests/get-item.ts'
import { streamItems } from '../requests/query-items.ts'
import { scanItems } from '../requests/scan-items.ts'
import { updateItemIf, type ItemChange } from '../requests/update-item.ts'
import { minerMetadataTable as table } from '../tables/miner-metadata-table.ts'
import {
  blockOrder,
  decodeMiner,
  encodeDeparture,
  encodeNewMiner,
  encodePlace,
  isRegistrationAttribute,
  minerKey,
  rememberedOutcomes,
  uidKey,
} from './miner-items.ts'

/** Outcomes that are at least remembered; twice as many at most, and those of reports under way. */
const REMEMBERED_OUTCOMES = 64
const UID_PAGE = 4
/** Turns that a place may lose against other writers of the same miner; two processes lose one or two. */
const PLACE_TURNS = 16

/**
 * Miners in DynamoDB: one item each, changed by single conditional updates.
 *
 * An outcome is counted and its mark remembered in the same write, which is refused when the mark is there: so it
 * counts once, whoever repeats it — the SDK after a lost answer, or a worker that starts over — while the miner has
 * had fewer than {@link REMEMBERED_OUTCOMES} further outcomes. Past that many new marks, a second write makes them the
 * old ones and forgets those before; a crash leaves that to the next outcome, two at once to one of them.
 */
export class DynamoMinerRepository implements MinerRepository {
  readonly #connection: DynamoConnection

  constructor(connection: DynamoConnection) {
    this.#connection = connection
  }

  async put(
    params: Readonly<{ registration: MinerRegistration; now: Date }>,
    options?: CallOptions,
  ): Promise<Miner> {
    const { registration, now } = params
    checkInput(minerRegistrationSchema, registration, 'registration')
    const entries = Object.entries(encodeNewMiner(registration, now)).filter(([name]) => name !== 'pk')
    const change: ItemChange = {
      set: Object.fromEntries(entries.filter(([name]) => isRegistrationAttribute(name))),
      setIfAbsent: Object.fromEntries(entries.filter(([name]) => !isRegistrationAttribute(name))),
      ...(registration.uid === null ? { remove: ['gsi1pk'] } : {}),
    }
    const isNotOlder = anyOf(absent('pk'), compare('gsi1sk', '<=', blockOrder(registration.lastBlock)))
    const stored = await this.#update(registration.hotkey, change, isNotOlder, options)
    return stored === null ? this.#get(registration.hotkey, options) : decodeMiner(stored)
  }

  async place(
    params: Readonly<{ hotkey: string; place: MinerPlace; coldkey: string | null; now: Date }>,
    options?: CallOptions,
  ): Promise<Miner> {
    const { hotkey, place, coldkey, now } = params
    checkInput(minerPlaceSchema, place, 'place')
    checkInput(hotkeySchema.nullable(), coldkey, 'coldkey')
    const updatedAt = encodeInstant(now)
    for (let turn = 0; turn < PLACE_TURNS; turn += 1) {
      const before = await this.#get(hotkey, options)
      if (before.place !== null && before.place.blockNumber > place.blockNumber) return before
      const { set, departures } = encodePlace({
        place,
        coldkey,
        departures: departuresTo(before, place, now),
      })
      const change: ItemChange = {
        set: { ...set, updatedAt },
        ...(departures.size === 0 ? {} : { addToSets: { departures } }),
        ...(place.uid === null ? { remove: ['gsi1pk'] } : {}),
      }
      const stored = await this.#update(hotkey, change, isPlacedAs(before), options)
      if (stored !== null) return decodeMiner(stored)
    }
    throw new StorageError({
      code: 'unavailable',
      message: `miner ${hotkey} is placed by ${PLACE_TURNS} others at once; try again`,
      details: { hotkey },
    })
  }

  async settle(
    params: Readonly<{ hotkey: string; departure: MinerDeparture; now: Date }>,
    options?: CallOptions,
  ): Promise<Miner> {
    const { hotkey, departure, now } = params
    checkInput(minerDepartureSchema, departure, 'departure')
    const change: ItemChange = {
      set: { updatedAt: encodeInstant(now) },
      removeFromSets: { departures: new Set([encodeDeparture(departure)]) },
    }
    return this.#change(hotkey, change, options)
  }

  async find(params: Readonly<{ hotkey: string }>, options?: CallOptions): Promise<Miner | null> {
    const item = await getItem(
      { connection: this.#connection, table, key: keyOfMiner(params.hotkey) },
      options,
    )
    return item === null ? null : decodeMiner(item)
  }

  async findByUid(params: Readonly<{ uid: number }>, options?: CallOptions): Promise<Miner | null> {
    const { uid } = params
    checkInput(uidSchema, uid, 'uid')
    const [index] = table.indexes
    const entries = streamItems(
      {
        connection: this.#connection,
        table,
        ...(index === undefined ? {} : { index }),
        partition: uidKey.build({ uid }),
        order: 'descending',
        pageSize: UID_PAGE,
      },
      options,
    )
    for await (const entry of entries) {
      const miner = await this.find(minerKey.parse(String(entry['pk'])), options)
      // The index lags: a miner that has left the uid may still stand there.
      if (miner?.uid === uid) return miner
    }
    return null
  }

  async list(params: PageParams, options?: CallOptions): Promise<Page<Miner>> {
    const page = await scanItems({ ...params, connection: this.#connection, table }, options)
    return { items: page.items.map(decodeMiner), nextCursor: page.nextCursor }
  }

  async pause(
    params: Readonly<{ hotkey: string; reason: string; until: Date | null; now: Date }>,
    options?: CallOptions,
  ): Promise<Miner> {
    const { hotkey, reason, until, now } = params
    checkInput(minerPauseSchema, { reason, since: now, until }, 'pause')
    const since = encodeInstant(now)
    const pause = { reason, since, until: until === null ? null : encodeInstant(until) }
    const set = { pause, updatedAt: since }
    return this.#change(hotkey, { set }, options)
  }

  async resume(params: Readonly<{ hotkey: string; now: Date }>, options?: CallOptions): Promise<Miner> {
    const now = encodeInstant(params.now)
    return this.#change(
      params.hotkey,
      { set: { pause: null, consecutiveErrors: 0, updatedAt: now } },
      options,
    )
  }

  async recordOutcome(
    params: Readonly<{ hotkey: string; outcomeId: string; outcome: ExecutionOutcome; now: Date }>,
    options?: CallOptions,
  ): Promise<Miner> {
    const { hotkey, outcome, outcomeId } = params
    checkInput(z.enum(executionOutcomes), outcome, 'outcome')
    checkInput(actorSchema, outcomeId, 'outcomeId')
    const mark = markOf(outcomeId)
    const now = encodeInstant(params.now)
    // Nothing is known about the miner then: neither a sample nor its fault.
    if (outcome === 'infrastructure_fault') return this.#get(hotkey, options)
    const isScored = outcome === 'scored'
    const change: ItemChange = {
      set: { lastSampleAt: now, updatedAt: now, ...(isScored ? { consecutiveErrors: 0 } : {}) },
      add: {
        totalSamples: 1,
        ...(isScored ? { successCount: 1 } : { errorCount: 1, consecutiveErrors: 1 }),
      },
      addToSets: { newOutcomes: new Set([mark]) },
    }
    const isNew = allOf(exists('pk'), not(contains('newOutcomes', mark)), not(contains('oldOutcomes', mark)))
    const item = await this.#update(hotkey, change, isNew, options)
    if (item === null) return this.#get(hotkey, options)
    await this.#forgetOldOutcomes(hotkey, item, options)
    return decodeMiner(item)
  }

  /** Idempotent by the number of turns: of many that saw the same one, the first does it. */
  async #forgetOldOutcomes(hotkey: string, item: Item, options: CallOptions | undefined): Promise<void> {
    const { marks, turns } = rememberedOutcomes(item)
    if (marks.size <= REMEMBERED_OUTCOMES) return
    const change: ItemChange = {
      set: { oldOutcomes: marks, outcomeTurns: turns + 1 },
      removeFromSets: { newOutcomes: marks },
    }
    await this.#update(hotkey, change, compare('outcomeTurns', '=', turns), options)
  }

  async #change(hotkey: string, change: ItemChange, options: CallOptions | undefined): Promise<Miner> {
    const item = await this.#update(hotkey, change, exists('pk'), options)
    if (item === null) throw unknownMiner(hotkey)
    return decodeMiner(item)
  }

  #update(
    hotkey: string,
    change: ItemChange,
    condition: Condition,
    options: CallOptions | undefined,
  ): Promise<Item | null> {
    const key = keyOfMiner(hotkey)
    return updateItemIf({ connection: this.#connection, table, key, change, condition }, options)
  }

  async #get(hotkey: string, options: CallOptions | undefined): Promise<Miner> {
    const miner = await this.find({ hotkey }, options)
    if (miner === null) throw unknownMiner(hotkey)
    return miner
  }
}

/** Nobody has moved the miner since it was read: what it leaves is known. */
function isPlacedAs({ uid, place }: Miner): Condition {
  const isAtUid = compare('uid', '=', uid)
  return place === null
    ? allOf(isAtUid, absent('placeBlock'))
    : allOf(isAtUid, compare('placeBlock', '=', place.blockNumber))
}

function keyOfMiner(hotkey: string): Item {
  checkInput(hotkeySchema, hotkey, 'hotkey')
  return { pk: minerKey.build({ hotkey }) }
}

function encodeInstant(now: Date): string {
  checkInput(instantSchema, now, 'now')
  return z.encode(instantAttribute, now)
}

/** A short name of an outcome, so that a hundred of them cost little in every write. */
function markOf(outcomeId: string): string {
  return createHash('sha256').update(outcomeId).digest().subarray(0, 16).toString('base64url')
}

function unknownMiner(hotkey: string): StorageError {
  return new StorageError({
    code: 'not_found',
    message: `miner ${hotkey} is not known; sync the miners from the chain first`,
    details: { hotkey },
  })
}
