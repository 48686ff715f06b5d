import { percent } from '../../scoring/leaderboard.ts'

/** A score for a person: the solved share in per cent, `–` while there is none. */
export function scoreText(score: number | null): string {
  return score === null ? '–' : percent(score)
}
