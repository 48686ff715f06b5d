import { cancelTournamentCommand } from './cancel-tournament-command.ts'
import { commandGroup } from './command-group.ts'
import { createTournamentCommand } from './create-tournament-command.ts'
import { listTournamentsCommand } from './list-tournaments-command.ts'
import { orchestrateTournamentsCommand } from './orchestrate-tournaments-command.ts'
import { registerParticipantCommand, withdrawParticipantCommand } from './participant-commands.ts'
import { runTournamentDayCommand } from './run-tournament-day-command.ts'
import { scoreTournamentCommand } from './score-tournament-command.ts'
import { showTournamentCommand } from './show-tournament-command.ts'

/** `benchmark tournament …`. */
export const tournamentCommands = commandGroup(
  'tournament',
  'contests of submissions over some days, all on the same hidden worlds',
  ['tournament create --name "August 2025"', 'tournament orchestrate', 'tournament show "August 2025"'],
  [
    createTournamentCommand,
    listTournamentsCommand,
    showTournamentCommand,
    registerParticipantCommand,
    withdrawParticipantCommand,
    runTournamentDayCommand,
    scoreTournamentCommand,
    orchestrateTournamentsCommand,
    cancelTournamentCommand,
  ],
)
