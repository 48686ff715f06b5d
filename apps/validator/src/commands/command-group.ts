import type { ProgramCommand } from '@subnetkit/core/cli'

/** Commands under one word. */
export interface CommandGroup {
  readonly name: string
  readonly description: string
  readonly examples: string
  readonly commands: readonly ProgramCommand[]
}

/** Makes `validator <name> <command>`; its help shows the examples. */
export function commandGroup(group: CommandGroup): ProgramCommand {
  const { name, description, examples, commands } = group
  return {
    attach(parent, onCall) {
      const word = parent
        .command(name)
        .description(description)
        .addHelpText('after', `\n${examples.trim()}\n`)
      for (const command of commands) command.attach(word, onCall)
    },
  }
}
