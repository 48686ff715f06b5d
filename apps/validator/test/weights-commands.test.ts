import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { callValidator } from './fixtures/call-validator.ts'
import examples from './fixtures/weight-examples.json' with { type: 'json' }

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weights-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function compute(text: string, name = 'scores.csv', ...args: string[]) {
  const file = join(folder, name)
  await writeFile(file, text)
  return await callValidator(folder, ['weights', 'compute', '--scores', file, ...args])
}

const { uids, scores } = examples.A
const csv = [
  'uid,hotkey,weather,geomagnetic,soil',
  ...uids.map((uid, at) =>
    [uid, `miner${uid}`, scores.weather[at] ?? '', scores.geomagnetic[at] ?? '', scores.soil[at] ?? ''].join(
      ',',
    ),
  ),
].join('\n')

describe('validator weights compute', () => {
  it('computes §2.5 example A from CSV and JSON alike', async () => {
    const fromCsv = await compute(csv, 'a.csv', '--preset', 'plan-era', '--json')
    expect(fromCsv).toMatchObject({ code: 0, stderr: '' })
    const answer: { miners: { emitted: number }[] } = JSON.parse(fromCsv.stdout)
    expect(answer.miners.map(({ emitted }) => emitted)).toEqual(examples.A.emitted)
    const listed = uids.map((uid, at) => ({
      uid,
      hotkey: `miner${uid}`,
      scores: { weather: scores.weather[at], geomagnetic: scores.geomagnetic[at], soil: scores.soil[at] },
    }))
    const fromJson = await compute(JSON.stringify(listed), 'a.json', '--preset', 'plan-era', '--json')
    expect(fromJson.stdout).toBe(fromCsv.stdout)
  })

  it('tells one miner by uid or hotkey', async () => {
    const told = await compute(csv, 'a.csv', '--preset', 'plan-era', '--explain', '10')
    expect(told.stdout).toContain('uid 10, hotkey miner10')
    expect(told.stdout).toContain('weather: score 0.82, percentile 100 among 5')
    expect(told.stdout).toContain('sent as 65535 of 65535')
    const byHotkey = await compute(csv, 'a.csv', '--preset', 'plan-era', '--explain', 'miner10')
    expect(byHotkey.stdout).toBe(told.stdout)
  })

  it.each([
    ['uid,hotkey,weather\n1,a,x', [], /line 2: weather: "x" is not a number/],
    ['uid,hotkey,rain\n1,a,1', [], /"rain" is not a column/],
    ['uid,hotkey,weather\n1,a,1\n1,b,1', [], /uid of b: 1 belongs to a already/],
    ['uid,hotkey,weather\n1,a,1\n2,a,1', [], /hotkey of uid 2: "a" stands at uid 1 already/],
    ['uid,hotkey,weather\n1,a,-1', [], /weather score of uid 1: "-1" is negative/],
    ['uid,hotkey,weather\n1,a,1', ['--explain', '7'], /uid: 7 is not among the miners/],
    ['uid,hotkey,weather\n1,a,1', ['--preset', 'none'], /preset: "none" is not known/],
    ['uid,hotkey,weather\n1,a,1,2', [], /is not CSV/],
  ])('refuses %j %j', async (text, args, message) => {
    const refused = await compute(text, 'bad.csv', ...args)
    expect(refused.code).toBe(2)
    expect(refused.stderr).toMatch(message)
  })

  it('refuses a file that is missing, and shows help', async () => {
    const missing = await callValidator(folder, ['weights', 'compute', '--scores', join(folder, 'none.csv')])
    expect(missing.code).toBe(2)
    expect(missing.stderr).toContain('cannot be read')
    const help = await callValidator(folder, ['weights', 'compute', '--help'])
    expect(help.stdout).toContain('--explain <uid|hotkey>')
  })
})
