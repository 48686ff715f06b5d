import { hotkeySchema, parseInput, uuidSchema } from '@subnetkit/core'

/** An agent as people name it. */
export type AgentKey = Readonly<{ agentId: string }> | Readonly<{ minerHotkey: string }>

/** Tells ids from hotkeys, which have no dashes. @throws InputError that names `field` for what is neither. */
export function parseAgentKey(field: string, text: string): AgentKey {
  const options = { subject: field }
  return text.includes('-')
    ? { agentId: parseInput(uuidSchema, text, options) }
    : { minerHotkey: parseInput(hotkeySchema, text, options) }
}
