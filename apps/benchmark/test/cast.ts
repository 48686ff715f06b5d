import { createHash } from 'node:crypto'
import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { parseInput } from '@subnetkit/core'
import { addressOf } from '@subnetkit/core/ss58'
import { z } from 'zod'

const submissions = join(import.meta.dirname, 'submissions')
const template = join(import.meta.dirname, '..', 'miner-kit', 'patterns')

/** What `npx tsup` of the miner's app leaves; its detector as a submission. */
export const strongSubmission: string = join(
  import.meta.dirname,
  '..',
  '..',
  'aml-miner',
  'dist',
  'submission',
)

const castMemberSchema = z.strictObject({
  name: z.string().regex(/^[a-z-]+$/),
  /** What it tries. */
  what: z.string().min(1),
  /** Whose files lie under its own: the template's, another member's, or those of the miner's app. */
  base: z.string(),
  expected: z.strictObject({
    /** `ranked`: a score above 0; `nothing`: it runs and earns 0; `refused` or a `copy`: it never runs; `disqualified`: for made-up data. */
    outcome: z.enum(['ranked', 'nothing', 'refused', 'copy', 'disqualified']),
    /** Among those that are ranked, from 1; null otherwise. */
    place: z.int().min(1).nullable(),
    /** Statuses that its runs may have; empty when there are none. */
    runs: z.array(z.enum(['completed', 'failed', 'timeout'])),
    /** A pattern that the reason given to its miner fits, letters in any case; null where none is given. */
    reason: z.string().nullable(),
  }),
})

/** One submission of the cast, and what justice asks for it. */
export type CastMember = z.infer<typeof castMemberSchema>

/** The cast of a week, honest ones first: the order in which they register. */
export async function readCast(): Promise<readonly CastMember[]> {
  const text = await readFile(join(submissions, 'cast.json'), 'utf8')
  const rows: unknown = JSON.parse(text)
  return parseInput(z.array(castMemberSchema), rows, { subject: 'cast.json' })
}

/** A hotkey of development, with a right checksum, that follows from the name alone; nobody holds its key. */
export function hotkeyOf(name: string): string {
  return addressOf(createHash('sha256').update(`subnetkit cast ${name}`).digest())
}

/** Writes the files of a member into a folder that need not exist; what it has itself covers its base. */
export async function writeSubmission(member: CastMember, folder: string): Promise<void> {
  const { base, name } = member
  if (base === 'aml-miner') return await cp(strongSubmission, folder, { recursive: true })
  await cp(template, folder, { recursive: true })
  for (const layer of base === 'template' ? [name] : [base]) {
    await cp(join(submissions, layer), folder, { recursive: true })
  }
}
