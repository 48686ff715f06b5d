/** On what epochs outside of tournaments run: seven days, both networks, both windows. */
export const STANDALONE_EPOCH = {
  days: 7,
  networks: ['torus', 'bittensor'],
  windowDays: [30, 90],
} as const
