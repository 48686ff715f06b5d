import { RowProblem } from './row-problem.ts'

const unitSeconds: Readonly<Record<string, number>> = { d: 86_400, day: 86_400, h: 3_600, hour: 3_600 }
const clock = /^([+-]?)(\d+):(\d\d)(?::(\d\d(?:\.\d+)?))?$/
const iso = /^P(?:(-?\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?\d+(?:\.\d+)?)S)?)?$/
const pair = /^([+-]?\d+(?:\.\d+)?)\s*(d|day|h|hour|min|sec)s?\b\s*/

/**
 * Seconds of an interval as PostgreSQL writes it: `1 day 02:03:04.5`, `1 2:03:04`, `@ 1 day 2 hours 4.5 secs`,
 * `P1DT2H3M4.5S`. Months and years have no length.
 *
 * @throws RowProblem for anything else, and for less than nothing.
 */
export function parseInterval(field: string, text: string): number {
  const seconds = isoSeconds(text) ?? wordySeconds(text)
  if (seconds === null || seconds < 0) {
    throw new RowProblem({
      field,
      value: text,
      why: seconds === null ? 'is not an interval of days and times' : 'is less than nothing',
      wayOut: 'write it as PostgreSQL does, such as 1 day 02:03:04.5, or leave it empty',
    })
  }
  return seconds
}

function isoSeconds(text: string): number | null {
  const found = iso.exec(text)
  if (found === null || text === 'P' || text.endsWith('T')) return null
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = found
  return Number(days) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)
}

function wordySeconds(text: string): number | null {
  let rest = text.trim().replace(/^@\s*/, '').toLowerCase()
  if (rest === '') return null
  let seconds = 0
  for (let found = pair.exec(rest); found !== null; found = pair.exec(rest)) {
    const [whole, amount = '0', unit = ''] = found
    seconds += Number(amount) * (unitSeconds[unit] ?? (unit === 'min' ? 60 : 1))
    rest = rest.slice(whole.length)
  }
  if (rest === '') return seconds
  const standard = /^([+-]?\d+)\s+(\S+)$/.exec(rest)
  const time = clockSeconds(standard?.[2] ?? rest)
  return time === null ? null : seconds + Number(standard?.[1] ?? 0) * 86_400 + time
}

function clockSeconds(text: string): number | null {
  const found = clock.exec(text)
  if (found === null) return null
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = found
  const length = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)
  return sign === '-' ? -length : length
}
