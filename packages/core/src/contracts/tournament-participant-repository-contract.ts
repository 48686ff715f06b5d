import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { minerDatabaseNameSchema } from '../models/miner-database.ts'
import { participantStatuses, type TournamentParticipant } from '../models/tournament-participant.ts'
import type { TournamentParticipantRepository } from '../repositories/tournament-participant-repository.ts'
import { newUuid } from './agent-builders.ts'
import { buildTournamentParticipant } from './benchmark-builders.ts'
import { currentRowsContract, type TwoWriters } from './current-rows-contract.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { nastyInstants, nastyTexts } from './nasty-values.ts'
import { readPages } from './sample-suite.ts'
import { newHotkey } from './weight-record-builders.ts'

const longest = minerDatabaseNameSchema.parse(`a${'b'.repeat(31)}_ml_${'Z9'.repeat(32)}`)

/** Everything that an implementation of {@link TournamentParticipantRepository} must hold, on a real engine. */
export function tournamentParticipantRepositoryContract(
  options: RepositoryContractOptions<TwoWriters<TournamentParticipantRepository>>,
): void {
  describe('tournament participant repository contract', () => {
    let store: TwoWriters<TournamentParticipantRepository>
    let participants: TournamentParticipantRepository
    beforeAll(async () => {
      store = await options.setup()
      participants = store.repository
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    const put = async (...all: readonly TournamentParticipant[]): Promise<void> => {
      for (const participant of all) await participants.put({ participant })
    }
    currentRowsContract<TournamentParticipant, TournamentParticipantRepository>(
      {
        name: 'tournament participants',
        build: buildTournamentParticipant,
        put: async (repository, participant, call) => repository.put({ participant }, call),
        find: async (repository, key, call) => repository.find(key, call),
        get: async (repository, key) => repository.get(key),
        kept: [
          ...participantStatuses.map((status) => [`when it is ${status}`, { status }] as const),
          ...nastyTexts
            .filter((text) => text !== '')
            .map((text) => [`for the reason ${JSON.stringify(text)}`, { reason: text }] as const),
          ...nastyInstants.map((at) => [at.toISOString(), { registeredAt: at, updatedAt: at }] as const),
          [
            'of the baseline',
            { hotkey: 'baseline', participantType: 'baseline', registrationOrder: 0, baselineId: newUuid() },
          ],
          ['with the largest numbers', { registrationOrder: 65_535, disqualifiedOnDay: 255 }],
          ['with the longest name', { minerDatabaseName: longest, hotkey: 'Z9'.repeat(32) }],
        ],
        refused: [
          ['a place of 17 bits', { registrationOrder: 65_536 }],
          ['day 0', { disqualifiedOnDay: 0 }],
          ['a hotkey with a quote', { hotkey: "a'b" }],
          ['a branch for a commit', { commit: 'main' }],
          ['an empty reason', { reason: '' }],
          ['a registration at no time', { registeredAt: new Date(Number.NaN) }],
        ],
        change: { status: 'disqualified', reason: 'It wrote after its end.', registrationOrder: 7 },
        siblings: [
          ['tournament', { tournamentId: newUuid() }],
          ['hotkey', { hotkey: newHotkey() }],
        ],
        nonsense: (repository, participant) => [
          async () => repository.find({ ...participant, tournamentId: 'x' }),
          async () => repository.get({ ...participant, hotkey: '`' }),
          async () => repository.list({ tournamentId: 'x', limit: 1 }),
          async () => repository.list({ ...participant, limit: 0 }),
          async () => repository.list({ ...participant, limit: 1, cursor: 'W10' }),
          async () => repository.nextRegistrationOrder({ tournamentId: '' }),
          async () => repository.countMiners({ tournamentIds: [participant.tournamentId, "'"] }),
        ],
      },
      () => store,
    )

    it('lists by order of registration, those who withdrew among them, with any page size', async () => {
      const tournamentId = newUuid()
      const build = (
        registrationOrder: number,
        fields: Partial<TournamentParticipant> = {},
      ): TournamentParticipant => buildTournamentParticipant({ tournamentId, registrationOrder, ...fields })
      const expected = [
        build(0, { hotkey: 'baseline', participantType: 'baseline' }),
        build(1, { status: 'withdrawn' }),
        // Nobody gives one place twice; if somebody did, neither would be lost.
        build(2),
        build(2),
        build(10),
      ]
      await put(...expected.toReversed())
      await put(buildTournamentParticipant())
      for (const limit of [1, 2, 3, 5, 10_000]) {
        const read = async (page: { limit: number; cursor: string | null }) =>
          participants.list({ tournamentId, ...page })
        expect(await readPages(read, limit)).toStrictEqual(expected)
      }
    })

    it('gives every order of registration once: also after a withdrawal, and after coming back', async () => {
      const tournamentId = newUuid()
      const next = async (): Promise<number> => participants.nextRegistrationOrder({ tournamentId })
      expect(await next()).toBe(1)
      await put(
        buildTournamentParticipant({
          tournamentId,
          hotkey: 'baseline',
          participantType: 'baseline',
          registrationOrder: 0,
        }),
      )
      expect(await next()).toBe(1)
      const first = buildTournamentParticipant({ tournamentId, registrationOrder: 1 })
      await put(first, buildTournamentParticipant({ registrationOrder: 99 }))
      expect(await next()).toBe(2)
      await put({ ...first, status: 'withdrawn' })
      expect(await next()).toBe(2)
      await put({ ...first, registrationOrder: 2 })
      expect(await next()).toBe(3)
      await put(buildTournamentParticipant({ tournamentId, registrationOrder: 3 }))
      expect(await next()).toBe(4)
    })

    it('counts miners who take part', async () => {
      const [full, gone, empty, other] = [newUuid(), newUuid(), newUuid(), newUuid()]
      await put(
        buildTournamentParticipant({ tournamentId: full, hotkey: 'baseline', participantType: 'baseline' }),
        ...participantStatuses.map((status) => buildTournamentParticipant({ tournamentId: full, status })),
        buildTournamentParticipant({ tournamentId: gone, status: 'withdrawn' }),
        buildTournamentParticipant({ tournamentId: other }),
      )
      const counted = await participants.countMiners({ tournamentIds: [full, gone, empty, full] })
      expect([...counted]).toStrictEqual([[full, participantStatuses.length - 1]])
      expect([...(await participants.countMiners({ tournamentIds: [] }))]).toStrictEqual([])
      const many = Array.from({ length: 1_500 }, () => newUuid())
      const found = await participants.countMiners({ tournamentIds: [full, ...many, other] })
      expect(found).toStrictEqual(
        new Map([
          [full, participantStatuses.length - 1],
          [other, 1],
        ]),
      )
    })
  })
}
