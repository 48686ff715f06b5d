// Ten thousand guesses: walks along real transfers, so that each guess is connected, each with a type of its own.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { readTransfers, transfersBy } from './read-transfers.mjs'

const types = [
  'cycle',
  'layering_path',
  'smurfing_network',
  'threshold_evasion',
  'wash_trading',
  'motif_fanin',
]
const transfers = await readTransfers(process.env['INPUT_FOLDER'])
const outgoing = transfersBy('from', transfers)
const lines = []
for (let nth = 0; nth < 10_000; nth += 1) {
  const start = transfers[(nth * 7_919) % transfers.length]
  const walk = new Set([start.from, start.to])
  let account = start.to
  for (let hops = nth % 4; hops > 0; hops -= 1) {
    const next = outgoing.get(account)
    if (next === undefined) break
    account = next[nth % next.length].to
    walk.add(account)
  }
  if (walk.size < 2) continue
  const guess = { pattern_id: `guess-${nth}`, pattern_type: types[nth % types.length], addresses: [...walk] }
  lines.push(`${JSON.stringify(guess)}\n`)
}
writeFileSync(join(process.env['OUTPUT_FOLDER'], 'patterns.jsonl'), lines.join(''))
