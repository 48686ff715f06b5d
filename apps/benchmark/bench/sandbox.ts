import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { InputError, silentLogger } from '@subnetkit/core'

import { openSandbox, type SandboxKind } from '../src/adapters/open-sandbox.ts'
import type { SandboxLimits } from '../src/ports/sandbox.ts'

const ROUNDS = Number(process.argv[2] ?? '7')
const dockerHost = process.env['DOCKER_HOST'] ?? null
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

/** Measures one kind of sandbox in a folder of its own. */
async function measure(kind: SandboxKind, place: string): Promise<void> {
  const folder = join(place, 'sandbox')
  await using sandbox = await openSandbox({ kind, folder, dockerHost, log: silentLogger, signal })
  await sandbox.prepareBaseImages(signal)
  const tree = join(place, 'tree')
  const inputFolder = join(place, 'input')
  for (const path of [tree, inputFolder]) await mkdir(path, { recursive: true })
  await writeFile(join(tree, 'main.mjs'), program)
  const lines = ['FROM subnetkit/node:1', 'COPY main.mjs /app/', 'ENTRYPOINT ["node", "/app/main.mjs"]']
  await writeFile(join(tree, 'Dockerfile'), lines.join('\n'))
  const image = 'subnetkit-bench/program:1'
  const built = await sandbox.buildImage({ tree, image, timeLimitMs: 120_000, signal })
  if (!built.isBuilt) throw new Error(built.reason)
  const inside = async (name: string, outputFolder: string): Promise<void> => {
    const { end, exitCode, log } = await sandbox.run({
      image,
      name,
      inputFolder,
      outputFolder,
      environment: { OUTPUT_FOLDER: '/data/output' },
      limits,
      isGpuWanted: false,
      signal,
    })
    if (exitCode !== 0) throw new Error(`the program ended as ${end}: ${log}`)
  }
  const rounds: { readonly bareMs: number; readonly sandboxedMs: number }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const [first, second] = [join(place, `a${round}`), join(place, `b${round}`)]
    for (const path of [first, second]) await mkdir(path)
    rounds.push({
      bareMs: await timed(() => bare(join(tree, 'main.mjs'), first)),
      sandboxedMs: await timed(() => inside(`subnetkit-bench-${round}`, second)),
    })
  }
  await sandbox.removeImage(image)
  const bareMs = median(rounds.map((round) => round.bareMs)).toFixed(0)
  const sandboxedMs = median(rounds.map((round) => round.sandboxedMs)).toFixed(0)
  const ratio = median(rounds.map((round) => round.sandboxedMs / round.bareMs)).toFixed(3)
  console.log(`${kind}: ${sandbox.description}`)
  console.log(`  bare ${bareMs} ms, sandboxed ${sandboxedMs} ms, ratio ${ratio}; build ${built.buildMs} ms`)
}

console.log(`medians of ${ROUNDS} rounds, bare and sandboxed in turn, Node ${process.version}`)
for (const kind of ['bubblewrap', 'container'] as const) {
  const place = await mkdtemp(join(tmpdir(), 'subnetkit-bench-'))
  try {
    await measure(kind, place)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    console.log(`${kind}: left out: ${error.message}`)
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}
