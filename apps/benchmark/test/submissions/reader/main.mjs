// Looks everywhere for what it should not see. That it saw something stands in its log and report, never what it saw.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'

const input = process.env['INPUT_FOLDER']
const output = process.env['OUTPUT_FOLDER']
const secrets = []

const look = (what, find) => {
  try {
    const found = find()
    if (found !== null && found !== undefined && found.length > 0) secrets.push(what)
  } catch {
    // Closed, as it should be.
  }
}

const truthIn = (folder, depth) => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (/truth|planted/.test(entry.name)) return path
    if (entry.isDirectory() && depth > 0) {
      try {
        const found = truthIn(path, depth - 1)
        if (found !== null) return found
      } catch {
        // Closed.
      }
    }
  }
  return null
}

look('truth beside the data', () => truthIn('/data', 2))
look('truth above the input', () => truthIn(join(input, '..', '..'), 2))
look('truth in homes', () => truthIn('/root', 2) ?? truthIn('/home', 2))
look('seed in the META', () => JSON.parse(readFileSync(join(input, 'META.json'), 'utf8')).seed)
look('secrets in the environment', () =>
  Object.keys(process.env)
    .filter((name) => /SEED|SECRET|TOKEN|CLICKHOUSE|REDIS|PASSWORD/.test(name))
    .join(' '),
)
look('other processes', () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const command = readFileSync(join('/proc', pid, 'cmdline'), 'utf8')
      return /benchmark|clickhouse|podman|dockerd/.test(command) && !command.includes('main.mjs')
        ? [command]
        : []
    })
    .join(' '),
)
look('stores of the machine', () =>
  readdirSync('/var/lib').filter((name) => /docker|containers|clickhouse|redis/.test(name)),
)

await new Promise((resolve) => {
  const request = get({ host: 'example.com', timeout: 2_000 }, () => {
    secrets.push('the network')
    resolve()
  })
  request.on('timeout', () => request.destroy())
  request.on('error', resolve)
  request.on('close', resolve)
})

console.log(secrets.length === 0 ? 'nothing to be seen' : `seen: ${secrets.join('; ')}`)
const report = { pattern_id: 'stolen', pattern_type: 'cycle', addresses: secrets }
writeFileSync(join(output, 'patterns.jsonl'), secrets.length === 0 ? '' : `${JSON.stringify(report)}\n`)
