import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { silentLogger } from '@subnetkit/core'

import { openSandbox } from '../src/adapters/open-sandbox.ts'
import type { SandboxLimits } from '../src/ports/sandbox.ts'

const ROUNDS = Number(process.argv[2] ?? '7')
const signal = new AbortController().signal
const limits: SandboxLimits = {
  memoryBytes: 536_870_912,
  cpus: 2,
  pids: 128,
  fileBytes: 16_777_216,
  outputBytes: 16_777_216,
  tmpBytes: 16_777_216,
  timeLimitMs: 60_000,
  logBytes: 4096,
}
// Some work, a second or less: what is measured is what stands around it.
const program = `
import fs from 'node:fs'
let sum = 0
for (let index = 0; index < 1e7; index++) sum = (sum + index * index) % 1000003
fs.writeFileSync(process.env.OUTPUT_FOLDER + '/patterns.jsonl', String(sum) + '\\n')
`

function bare(file: string, outputFolder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file], { env: { OUTPUT_FOLDER: outputFolder }, stdio: 'ignore' })
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`the bare program ended with ${code ?? 'a signal'}`))
    })
  })
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await work()
  return performance.now() - begin
}

/** The middle one: a shared machine's outliers do not count. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

const place = await mkdtemp(join(tmpdir(), 'subnetkit-bench-'))
try {
  const kind = 'auto'
  const folder = join(place, 'sandbox')
  await using sandbox = await openSandbox({ kind, folder, dockerHost: null, log: silentLogger, signal })
  await sandbox.prepareBaseImages(signal)
  const tree = join(place, 'tree')
  const inputFolder = join(place, 'input')
  for (const path of [tree, inputFolder]) await mkdir(path)
  await writeFile(join(tree, 'main.mjs'), program)
  const lines = ['FROM subnetkit/node:1', 'COPY main.mjs /app/', 'ENTRYPOINT ["node", "/app/main.mjs"]']
  await writeFile(join(tree, 'Dockerfile'), lines.join('\n'))
  const image = 'subnetkit-bench/program:1'
  const built = await sandbox.buildImage({ tree, image, timeLimitMs: 120_000, signal })
  if (!built.isBuilt) throw new Error(built.reason)
  const alone: number[] = []
  const inside: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const [first, second] = [join(place, `a${round}`), join(place, `b${round}`)]
    await mkdir(first)
    await mkdir(second)
    alone.push(await timed(() => bare(join(tree, 'main.mjs'), first)))
    inside.push(
      await timed(async () => {
        const { end, exitCode, log } = await sandbox.run({
          image,
          name: `subnetkit-bench-${round}`,
          inputFolder,
          outputFolder: second,
          environment: { OUTPUT_FOLDER: '/data/output' },
          limits,
          isGpuWanted: false,
          signal,
        })
        if (exitCode !== 0) throw new Error(`the program ended as ${end}: ${log}`)
      }),
    )
  }
  await sandbox.removeImage(image)
  const [bareMs, sandboxMs] = [median(alone), median(inside)]
  const ratios = median(inside.map((ms, round) => ms / (alone[round] ?? Number.NaN)))
  console.log(sandbox.description)
  console.log(`median of ${ROUNDS} rounds, bare and sandboxed in turn, Node ${process.version}`)
  console.log(
    `bare ${bareMs.toFixed(0)} ms, sandboxed ${sandboxMs.toFixed(0)} ms, ratio ${ratios.toFixed(3)}`,
  )
  console.log(`build ${built.buildMs} ms`)
} finally {
  await rm(place, { recursive: true, force: true })
}
