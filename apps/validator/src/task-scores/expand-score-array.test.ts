import { taskScoreSchema } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { expandScoreArray } from './expand-score-array.ts'

const empty: readonly (number | null | string)[] = Array.from({ length: 256 }, () => null)

function rowOf(task_name: string, score: unknown = empty, fields: object = {}) {
  return {
    task_name,
    task_id: '1753265472',
    score,
    created_at: '2025-07-23T10:11:12.345Z',
    status: 'completed',
    ...fields,
  }
}

function at(
  uid: number,
  ...values: readonly (number | null | string)[]
): readonly (number | null | string)[] {
  return empty.toSpliced(uid, values.length, ...values)
}

const options = {
  subject: 'scores.jsonl, line 3',
  netuid: 57,
  validatorHotkey: 'validator',
  hotkeys: new Map([
    [0, 'alice'],
    [7, 'bob'],
    [255, 'carol'],
  ]),
}

const columns = Object.fromEntries(empty.map((value, uid) => [`uid_${uid}_score`, value]))

describe('expandScoreArray', () => {
  it('§1.1 gives each known hotkey its row, the index being the uid', () => {
    const { scores, unattributed } = expandScoreArray(rowOf('geomagnetic', at(7, 0.93)), options)
    expect(scores.map(({ uid, hotkey, score }) => [uid, hotkey, score])).toEqual([
      [0, 'alice', null],
      [7, 'bob', 0.93],
      [255, 'carol', null],
    ])
    expect(unattributed).toEqual([])
    expect(scores[1]).toEqual({
      netuid: 57,
      validatorHotkey: 'validator',
      taskName: 'geomagnetic',
      taskId: '1753265472',
      uid: 7,
      hotkey: 'bob',
      score: 0.93,
      status: 'completed',
      scoredAt: new Date('2025-07-23T10:11:12.345Z'),
    })
    for (const score of scores) expect(taskScoreSchema.parse(score)).toEqual(score)
  })

  it.each([
    ['weather', 0, null],
    ['weather', 'NaN', null],
    ['weather', 1e-300, 1e-300],
    ['geomagnetic', 0, 0],
    ['geomagnetic', 'NaN', null],
    ['geomagnetic', null, null],
    ['soil_moisture_region_global', 0, 0],
    ['another', 0, 0],
  ])('§1.2 reads an empty place of %s: %j is %j', (task, slot, score) => {
    expect(expandScoreArray(rowOf(task, at(7, slot)), options).scores[1]?.score).toBe(score)
  })

  it('calls soil by the name that weights know, and leaves other names', () => {
    const nameOf = (task: string) => expandScoreArray(rowOf(task), options).scores[0]?.taskName
    expect(nameOf('soil_moisture_region_global')).toBe('soil')
    expect(nameOf('affine:ded')).toBe('affine:ded')
  })

  it('§1.1 reads the layout of 256 columns the same, SQL NULL included (§6.10)', () => {
    const { score: _score, ...row } = rowOf('geomagnetic')
    const wide = { ...row, ...columns, uid_7_score: 0.93, uid_255_score: 0.5 }
    expect(expandScoreArray(wide, options)).toEqual(
      expandScoreArray(rowOf('geomagnetic', at(7, 0.93).toSpliced(255, 1, 0.5)), options),
    )
  })

  it('names uids with a score that nobody is known for', () => {
    const { scores, unattributed } = expandScoreArray(rowOf('weather', at(3, 0.5, 0, 0.7)), options)
    expect(unattributed).toEqual([3, 5])
    expect(scores).toHaveLength(3)
  })

  it.each([
    ['2025-07-23 10:11:12.345678+00', '2025-07-23T10:11:12.345Z'],
    ['2025-07-23T12:11:12+02:00', '2025-07-23T10:11:12.000Z'],
    ['2025-07-23 10:11:12Z', '2025-07-23T10:11:12.000Z'],
  ])('reads the time %s', (created_at, iso) => {
    const [first] = expandScoreArray(rowOf('weather', empty, { created_at }), options).scores
    expect(first?.scoredAt.toISOString()).toBe(iso)
  })

  it('takes a missing status as pending', () => {
    const [first] = expandScoreArray(rowOf('weather', empty, { status: null }), options).scores
    expect(first?.status).toBe('pending')
  })

  const { score: _none, ...bare } = rowOf('weather')
  const { uid_9_score: _missing, ...short } = columns
  it.each<readonly [string, unknown, RegExp]>([
    [
      'a list that is short',
      rowOf('weather', [0.1]),
      /line 3: scores of weather 1753265472: 1 is not the number/,
    ],
    ['a list that is long', rowOf('soil', [...empty, 1]), /scores of soil 1753265472: 257 is not/],
    ['a missing column', { ...bare, ...short }, /scores of weather 1753265472: 255 is not/],
    ['another column', { ...bare, ...short, uid_256_score: 1 }, /256 is not/],
    ['no scores at all', bare, /scores of weather 1753265472: 0 is not/],
    ['text for a score', rowOf('weather', at(7, 'high')), /line 3: score\[7\]: "high"/],
    ['a list that is one short', rowOf('weather', at(7).toSpliced(0, 1)), /255 is not/],
    ['no task', rowOf('weather', empty, { task_name: null }), /line 3: task_name/],
    ['a status that is no word', rowOf('weather', empty, { status: 'Done!' }), /line 3: status: "Done!"/],
    ['no event', rowOf('weather', empty, { task_id: '' }), /line 3: task_id/],
    [
      'a time without zone',
      rowOf('weather', empty, { created_at: '2025-07-23T10:00:00' }),
      /created_at.*its zone/,
    ],
    ['no object', [1], /line 3/],
    ['nothing', null, /line 3/],
  ])('refuses %s, naming task and length', (_name, row, message) => {
    expect(() => expandScoreArray(row, options)).toThrow(message)
    expect(() => expandScoreArray(row, options)).toThrow(expect.objectContaining({ name: 'InputError' }))
  })
})
