import { readFile } from 'node:fs/promises'

import { z } from 'zod'

/** Which process made something, so that what a dead one left is told from what a living one uses. */
export const processOwnerSchema = z.strictObject({
  pid: z.int().positive(),
  /** Clock ticks after boot at which it started: a number that a later process of the same pid cannot have. */
  startTicks: z.string(),
  bootId: z.string(),
})
/** See {@link processOwnerSchema}. */
export type ProcessOwner = z.infer<typeof processOwnerSchema>

/** This process. */
export async function currentOwner(): Promise<ProcessOwner> {
  return { pid: process.pid, startTicks: await startTicksOf(process.pid), bootId: await readBootId() }
}

/** False when the process has ended, also when another one has its number now or the machine was started anew. */
export async function isOwnerAlive(owner: ProcessOwner): Promise<boolean> {
  if (owner.bootId !== (await readBootId())) return false
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
  }
  return (await startTicksOf(owner.pid)) === owner.startTicks
}

/** Written as one word, for labels. */
export function formatOwner({ pid, startTicks, bootId }: ProcessOwner): string {
  return `${pid}.${startTicks}.${bootId}`
}

/** Of {@link formatOwner}; null for anything else. */
export function parseOwner(text: string): ProcessOwner | null {
  const [pid, startTicks, ...bootId] = text.split('.')
  const parsed = processOwnerSchema.safeParse({ pid: Number(pid), startTicks, bootId: bootId.join('.') })
  return parsed.success ? parsed.data : null
}

/** Empty where there is no /proc: the pid alone must do there. */
async function startTicksOf(pid: number): Promise<string> {
  const text = await readOrEmpty(`/proc/${pid}/stat`)
  const state = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return state[0] === 'Z' ? '' : (state[19] ?? '')
}

async function readBootId(): Promise<string> {
  return (await readOrEmpty('/proc/sys/kernel/random/boot_id')).trim()
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return ''
  }
}
