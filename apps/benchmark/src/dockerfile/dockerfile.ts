/** Every instruction that Docker knows; anything else in a Dockerfile is refused. */
export const dockerInstructionNames = [
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
] as const

/** What an instruction is called, in capitals whatever the file's spelling. */
export type DockerInstructionName = (typeof dockerInstructionNames)[number]

/** One instruction with its continuation lines joined and comments between them gone. */
export interface DockerInstruction {
  readonly name: DockerInstructionName
  /** Of its first line, from 1. */
  readonly line: number
  /** `--from=build` as `{ from: 'build' }`; `true` stands for a flag without a value. */
  readonly flags: Readonly<Record<string, string>>
  /** What follows name and flags, trimmed. */
  readonly text: string
  /** The words of the JSON form, e.g. of `ENTRYPOINT ["node", "main.mjs"]`; null for the shell form. */
  readonly json: readonly string[] | null
}

/** A COPY or ADD, taken apart. */
export interface DockerCopy {
  readonly line: number
  readonly isAdd: boolean
  /** Name or number of an earlier stage, or an image; null: the tree itself. */
  readonly from: string | null
  /** Relative to the tree without `..`, or paths in the stage that `from` names. */
  readonly sources: readonly string[]
  readonly destination: string
  readonly flags: Readonly<Record<string, string>>
}

/** From one FROM to the next. */
export interface DockerStage {
  readonly line: number
  /** Image, or name of an earlier stage. */
  readonly base: string
  readonly name: string | null
  /** Those of the FROM itself, such as `platform`. */
  readonly flags: Readonly<Record<string, string>>
  /** Without the FROM. */
  readonly instructions: readonly DockerInstruction[]
  readonly copies: readonly DockerCopy[]
  /** Set by ENV, in order; a later value of a name wins. */
  readonly environment: Readonly<Record<string, string>>
  /** Null when the stage says nothing, so that its base's holds. */
  readonly workFolder: string | null
  readonly user: string | null
  /** The JSON form of the last ENTRYPOINT; null when there is none or it has the shell form. */
  readonly entrypoint: readonly string[] | null
  readonly command: readonly string[] | null
}

/** A Dockerfile as read: what scanner and sandboxes decide upon, so that all see the same. */
export interface Dockerfile {
  /** All of them in order, FROM included. */
  readonly instructions: readonly DockerInstruction[]
  /** At least one. */
  readonly stages: readonly DockerStage[]
  /** What becomes the image. */
  readonly lastStage: DockerStage
}
