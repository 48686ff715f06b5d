import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

import { callValidator } from './fixtures/call-validator.ts'

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simulate-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

const simulate = async (...args: string[]) => await callValidator(folder, ['simulate', ...args])

async function simulateScenario(scenario: unknown, ...args: string[]) {
  const file = join(folder, 'scenario.json')
  await writeFile(file, typeof scenario === 'string' ? scenario : JSON.stringify(scenario))
  return await simulate(file, ...args)
}

const answer = z.object({
  epochs: z.number(),
  rows: z.array(
    z.object({
      epoch: z.number(),
      uid: z.number(),
      hasPermit: z.boolean(),
      incentive: z.number(),
      dividends: z.number(),
      emission: z.string(),
      bonds: z.record(z.string(), z.number()).optional(),
    }),
  ),
})

const newcomer = {
  name: 'a newcomer',
  epochs: 4,
  parameters: { yuma: 3, liquidAlpha: {} },
  neurons: [{ uid: 0, stake: 700 }, { uid: 1, stake: '300' }, { uid: 2 }],
  events: [
    {
      epoch: 0,
      weights: [
        { validator: 0, on: [[2, 0.5]] },
        { validator: 1, on: [[2, 1]] },
      ],
    },
    {
      epoch: 1,
      register: [{ uid: 3 }],
      weights: [
        {
          validator: 0,
          on: [
            [3, 3],
            [2, 1],
          ],
        },
      ],
    },
    { epoch: 3, deregister: [3] },
  ],
}

describe('validator simulate', () => {
  it('shows a table of the last epochs, with bonds where asked', async () => {
    const ran = await simulate('moving-bonds', '--last', '1', '--bonds')
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    const lines = ran.stdout.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^Four validators agree/)
    expect(lines.slice(3)).toHaveLength(8)
    expect(lines[3]).toMatch(/^7 +0 +0\.100000 .* 0\.053130 .* 26565175 +4:0\.1922 .* 7:0\.1124$/)
    expect(lines[10]).toMatch(/^ +7 +– +0\.400009 +1\.000000 .* 500000000$/)
  })

  it('answers with one JSON document', async () => {
    const ran = await simulateScenario(newcomer, '--json', '--bonds', '--epochs', '5')
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    const { epochs, rows } = answer.parse(JSON.parse(ran.stdout))
    expect(epochs).toBe(5)
    expect(rows.map(({ epoch }) => epoch)).toEqual([0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4])
    const incentive = (uid: number) =>
      rows.filter((row) => row.uid === uid).map((row) => Math.round(row.incentive * 100))
    expect(incentive(2)).toEqual([100, 32, 32, 100, 100])
    expect(incentive(3)).toEqual([68, 68, 0, 0])
    expect(rows[0]?.bonds).toHaveProperty('2')
  })

  it('writes CSV with a head line and leaves bonds out unless asked', async () => {
    const ran = await simulate('three-views', '--last', '2', '--csv')
    const lines = ran.stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(1 + 2 * 9)
    expect(lines[0]).toBe(
      'epoch,block,uid,stake,has_permit,is_active,consensus,trust,incentive,validator_trust,dividends,emission',
    )
    expect(new Set(lines.map((line) => line.split(',').length))).toEqual(new Set([12]))
    const withBonds = await simulate('three-views', '--last', '2', '--csv', '--bonds')
    expect(withBonds.stdout.split('\n')[1]).toMatch(/,3:1 4:0\.\d+ /)
  })

  it('runs many epochs of a built-in course, and validators without new weights fall silent', async () => {
    const silent = { ...newcomer, epochs: 20, events: [newcomer.events[0], { epoch: 1, silence: [1] }] }
    const { rows } = answer.parse(JSON.parse((await simulateScenario(silent, '--json')).stdout))
    const dividends = rows.filter(({ uid }) => uid === 1).map((row) => row.dividends)
    expect(dividends[12]).toBeGreaterThan(0)
    expect(dividends.slice(15)).toEqual([0, 0, 0, 0, 0])
  })

  it.each([
    { name: 'NaN', scenario: '{"name": "x", "epochs": NaN}', says: /is not JSON .*NaN and Infinity/s },
    {
      name: 'a weight that is text',
      scenario: { ...newcomer, events: [{ epoch: 0, weights: [{ validator: 0, on: [[2, 'NaN']] }] }] },
      says: /events\[0\]\.weights\[0\]\.on\[0\]\[1\]: "NaN"/,
    },
    {
      name: 'a weight below zero',
      scenario: { ...newcomer, events: [{ epoch: 0, weights: [{ validator: 0, on: [[2, -1]] }] }] },
      says: /on\[0\]\[1\]: -1 .*at least 0/,
    },
    {
      name: 'a uid twice',
      scenario: { ...newcomer, neurons: [{ uid: 0, stake: 1 }, { uid: 0 }] },
      says: /neurons: 0 is a uid that stands twice/,
    },
    {
      name: 'a uid left out',
      scenario: { ...newcomer, neurons: [{ uid: 0, stake: 1 }, { uid: 2 }], events: [] },
      says: /neurons: 1 is missing; give the uids 0 to 1/,
    },
    {
      name: 'no stake anywhere',
      scenario: { ...newcomer, neurons: [{ uid: 0 }, { uid: 1 }], events: [] },
      says: /neurons: have no stake at all/,
    },
    {
      name: 'weights on an unknown uid',
      scenario: { ...newcomer, events: [{ epoch: 0, weights: [{ validator: 0, on: [[9, 1]] }] }] },
      says: /event at epoch 0: weights of validator 0: 9 is a uid that nobody has/,
    },
    {
      name: 'weights twice on one uid',
      scenario: {
        ...newcomer,
        events: [
          {
            epoch: 0,
            weights: [
              {
                validator: 0,
                on: [
                  [2, 1],
                  [2, 2],
                ],
              },
            ],
          },
        ],
      },
      says: /validator 0: 2 is a uid that stands twice/,
    },
    {
      name: 'a newcomer that leaves a gap',
      scenario: { ...newcomer, events: [{ epoch: 0, register: [{ uid: 7 }] }] },
      says: /register: 7 is not the next free uid; take one that exists, or 3/,
    },
    {
      name: 'rates in the wrong order',
      scenario: { ...newcomer, parameters: { yuma: 3, liquidAlpha: { low: 9, high: 8 } } },
      says: /liquidAlpha\.low: 9 is not possible/,
    },
    { name: 'a field that does not exist', scenario: { ...newcomer, epoch: 1 }, says: /epoch: .*not known/ },
  ])('refuses $name', async ({ scenario, says }) => {
    const ran = await simulateScenario(scenario)
    expect(ran).toMatchObject({ code: 2, stdout: '' })
    expect(ran.stderr).toMatch(says)
  })

  it.each([
    {
      args: ['nothing-like-it'],
      says: /<scenario>: "nothing-like-it" is not a scenario; use one of moving-bonds/,
    },
    { args: ['missing.json'], says: /<scenario>: "missing\.json" cannot be read/ },
    { args: ['moving-bonds', '--epochs', '0'], says: /--epochs: "0" .*at least 1/ },
    { args: ['moving-bonds', '--epochs', 'many'], says: /--epochs: "many"/ },
  ])('refuses $args', async ({ args, says }) => {
    const ran = await simulate(...args)
    expect(ran.code).toBe(2)
    expect(ran.stderr).toMatch(says)
  })
})
