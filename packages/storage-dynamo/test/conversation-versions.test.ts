import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import * as zlib from 'node:zlib'

import { expect, it } from 'vitest'
import type { z } from 'zod'

import { exchanged, packHere, unpackHere } from './conversation-exchange.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const hooks = fileURLToPath(new URL('../../core/test/typescript-hooks.mjs', import.meta.url))
const program = fileURLToPath(new URL('conversation-exchange.ts', import.meta.url))

/** Hands our payload to another process, of another version of Node where `launcher` brings one by npx. */
async function exchange(launcher: readonly string[]): Promise<z.infer<typeof exchanged>> {
  const args = ['--conditions=@subnetkit/source', '--import', hooks, program]
  const [command, ...before] = launcher.length === 0 ? [process.execPath] : ['npx', '-y', ...launcher, 'node']
  const child = spawn(command ?? 'node', [...before, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(await packHere()))
  return exchanged.parse(JSON.parse(await text(child.stdout)))
}

it(
  'gives the same bytes in another process of this Node, which reads ours',
  { timeout: 60_000 },
  async () => {
    const ours = await packHere()
    const theirs = await exchange([])
    expect(theirs.payload).toEqual(ours)
    expect(theirs.unpackedSha256).toBe(ours.contentSha256)
    expect(await unpackHere(theirs.payload)).toBe(ours.contentSha256)
  },
)

const versions = isSoak ? ['node@20', 'node@22', 'node@24'] : []
it.runIf(isSoak).each(versions)('exchanges payloads with %s', { timeout: 300_000 }, async (version) => {
  const ours = await packHere()
  const theirs = await exchange(['-p', version])
  expect(theirs.node).toContain(version.replace('node@', 'v'))
  expect(theirs.unpackedSha256).toBe(ours.contentSha256)
  expect(theirs.payload.contentSha256).toBe(ours.contentSha256)
  if (theirs.payload.compression === 'zstd' && !('zstdCompress' in zlib)) {
    await expect(unpackHere(theirs.payload)).rejects.toMatchObject({ code: 'bad_query' })
    await expect(unpackHere(theirs.payload)).rejects.toThrow(/packed with zstd.*read it with Node 24/)
  } else {
    expect(await unpackHere(theirs.payload)).toBe(ours.contentSha256)
  }
})
