import { InputError } from '@subnetkit/core'

/** Unix time of round 1 of drand's quicknet, in milliseconds. */
const GENESIS = 1_692_803_367_000
/** Milliseconds between two rounds. */
const PERIOD = 3_000

/** The network's public key, a compressed point of G2; its secret key is shared among its members. */
export const QUICKNET_PUBLIC_KEY =
  '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451' +
  '0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a'

/** The first round that is published at `at` or later; rounds count from 1. @throws InputError before round 1. */
export function firstRoundFrom(at: Date): number {
  const round = Math.ceil((at.getTime() - GENESIS) / PERIOD) + 1
  if (round >= 1) return round
  throw new InputError({
    field: 'reveal time',
    value: at,
    problem: 'is before the first round of drand',
    hint: `give a time from ${new Date(GENESIS).toISOString()} on`,
  })
}

/** When a round is published, give or take the seconds that it takes to reach a chain. */
export function timeOfRound(round: number): Date {
  return new Date(GENESIS + (round - 1) * PERIOD)
}
