import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { repository } from './program.ts'

/** A registry of our own on loopback, with nothing in it and no way out. */
export interface Registry {
  /** With `/` at its end. */
  readonly url: string
  /** Settings for npm and pnpm: our scope comes from here, everything else from where it always comes from. */
  readonly npmrc: string
  close(): Promise<void>
}

/** Starts verdaccio with its storage in `folder`. Fails with its log when it does not answer within 30 s. */
export async function startRegistry(folder: string): Promise<Registry> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  mkdirSync(folder, { recursive: true })
  const config = join(folder, 'config.yaml')
  writeFileSync(
    config,
    [
      `storage: ${join(folder, 'storage')}`,
      'uplinks: {}',
      'packages:',
      "  '**': { access: $all, publish: $all }",
      'log: { type: stdout, format: pretty, level: warn }',
      'web: { enable: false }',
      '',
    ].join('\n'),
  )
  const bin = join(repository, 'node_modules/verdaccio/bin/verdaccio')
  const args = [bin, '--config', config, '--listen', `127.0.0.1:${port}`]
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  const keep = (chunk: Buffer): void => {
    log += chunk.toString()
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const deadline = Date.now() + 30_000
  while (!(await answers(url))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop(child)
      throw new Error(`verdaccio did not start:\n${log}`)
    }
    await sleep(100)
  }
  const host = url.slice('http:'.length)
  const npmrc = join(folder, 'npmrc')
  writeFileSync(npmrc, `@subnetkit:registry=${url}\n${host}:_authToken=rehearsal\n`)
  return { url, npmrc, close: () => stop(child) }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGTERM')
  await closed
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}-/ping`)).ok
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port on loopback is free')
  return address.port
}
