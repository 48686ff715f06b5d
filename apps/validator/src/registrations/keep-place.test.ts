import type { Miner } from '@subnetkit/core'
import { buildMinerRegistration } from '@subnetkit/core/contracts'
import { expect, it } from 'vitest'

import { knownMiner } from '../../test/fixtures/known-miner.ts'
import { keepPlace } from './keep-place.ts'

const byHand = buildMinerRegistration({ uid: 9, coldkey: null, endpoint: 'https://new.example/v1' })
const place = { netuid: 1, uid: 5, registeredAt: 10, blockNumber: 20 }

it.each<[string, Miner | null, number | null, string | null]>([
  ['as it is given while nobody is known', null, 9, null],
  ['as it is given before the chain was asked', knownMiner({ uid: 5, coldkey: 'cold' }), 9, null],
  ['where the chain has it', knownMiner({ uid: 5, coldkey: 'cold', place }), 5, 'cold'],
  [
    'nowhere once it is deregistered',
    knownMiner({ uid: null, coldkey: 'cold', place: { ...place, uid: null, registeredAt: null } }),
    null,
    'cold',
  ],
])('registers a miner %s', (_name, known, uid, coldkey) => {
  expect(keepPlace(byHand, known)).toEqual({ ...byHand, uid, coldkey })
})
