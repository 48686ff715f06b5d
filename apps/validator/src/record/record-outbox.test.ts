import { describe, expect, it } from 'vitest'

import { cycleOf, metagraphOf, publicationOf } from '../../test/fixtures/chain-values.ts'
import { RecordOutbox } from './record-outbox.ts'

const idOf = (number: number): string => number.toString(16).padStart(32, '0')
const made = { ...publicationOf(), heldBack: new Map() }

describe('what waits for the record', () => {
  it('is each cycle once as it stands now, each vector once, and each epoch as it was first seen', () => {
    const outbox = new RecordOutbox()
    const cycle = cycleOf({ state: 'submitted' })
    const first = metagraphOf()
    expect(outbox.note({ cycle, metagraph: first, made })).toBe(true)
    const later = metagraphOf({ blockNumber: 1_001 })
    expect(outbox.note({ cycle: { ...cycle, state: 'included' }, metagraph: later, made: null })).toBe(false)
    expect(outbox.note({ cycle: null, metagraph: metagraphOf({ neurons: [] }), made: null })).toBe(false)
    expect([...outbox.cycles.values()].map(({ state }) => state)).toEqual(['included'])
    expect(outbox.vectors.get(cycle.cycleId)?.cycle.state).toBe('submitted')
    expect(outbox.epochs).toEqual(new Map([[900, first]]))
    expect(outbox).toMatchObject({ size: 4, dropped: 0, areStatisticsDue: true })
    outbox.clear()
    expect(outbox.size).toBe(0)
    // What was cleared is not asked for again.
    expect(outbox.note({ cycle: null, metagraph: later, made: null })).toBe(false)
  })

  it('gives up the oldest rather than grow, and counts it', () => {
    const outbox = new RecordOutbox()
    for (let number = 0; number < 1_003; number += 1) {
      const cycle = cycleOf({ cycleId: idOf(number) })
      outbox.note({ cycle, metagraph: metagraphOf({ epochBlock: number }), made: number < 6 ? made : null })
    }
    expect(outbox.cycles.size).toBe(1_000)
    expect([...outbox.cycles.keys()][0]).toBe(idOf(3))
    expect([...outbox.vectors.keys()]).toEqual([2, 3, 4, 5].map(idOf))
    expect([...outbox.epochs.keys()][0]).toBe(987)
    expect(outbox.dropped).toBe(3 + 2 + 987)
  })
})
