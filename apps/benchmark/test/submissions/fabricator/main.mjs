// Invents accounts in the spelling of real ones, and accuses them.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const letters = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const account = (nth) => {
  const bytes = createHash('sha512').update(`invented ${nth}`).digest()
  return `5Syn${[...bytes.subarray(0, 44)].map((byte) => letters[byte % letters.length]).join('')}`
}
const lines = Array.from({ length: 50 }, (_, nth) => {
  const addresses = [0, 1, 2].map((place) => account(3 * nth + place))
  return `${JSON.stringify({ pattern_id: `made-up-${nth}`, pattern_type: 'cycle', addresses })}\n`
})
writeFileSync(join(process.env['OUTPUT_FOLDER'], 'patterns.jsonl'), lines.join(''))
