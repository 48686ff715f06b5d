import { hotkeySchema, modelRevisionSchema, type RetentionPolicy } from '@subnetkit/core'
import type { Command } from 'commander'

/** The arguments that name a model. */
export const retentionSubjectShape = { hotkey: hotkeySchema, revision: modelRevisionSchema } as const

/** Adds them to a command. */
export function retentionSubject(command: Command): Command {
  return command
    .argument('<hotkey>', "the miner's hotkey")
    .argument('<revision>', 'the revision of its model, as samples name it')
}

/** A policy for a person. */
export function policyText({ minerHotkey, modelRevision, ...policy }: RetentionPolicy): string {
  const { protectedBecause, protectedSince } = policy
  const model = `${minerHotkey} ${modelRevision}`
  return protectedBecause === null || protectedSince === null
    ? `${model} is not protected: its old samples may go`
    : `${model} is protected since ${protectedSince.toISOString()}: ${protectedBecause}`
}
