import type { ProgramCommand } from '@subnetkit/core/cli'

/** Makes `benchmark <name> <command>`; the help of the group shows the examples. */
export function commandGroup(
  name: string,
  description: string,
  examples: readonly string[],
  commands: readonly ProgramCommand[],
): ProgramCommand {
  const text = ['', 'Examples:', ...examples.map((example) => `  $ benchmark ${example}`)].join('\n')
  return {
    attach(parent, onCall) {
      const group = parent.command(name).description(description).addHelpText('after', text)
      for (const command of commands) command.attach(group, onCall)
    },
  }
}

/** Examples as a command's help shows them. */
export function examplesText(examples: readonly string[], after = ''): string {
  const lines = ['', 'Examples:', ...examples.map((example) => `  $ benchmark ${example}`)]
  return [...lines, ...(after === '' ? [] : ['', after])].join('\n')
}
