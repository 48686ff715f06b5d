/** What a command that brings a schema up to date tells a person. */
export function migrationsText(
  { database, migrations }: Readonly<{ database: string; migrations: readonly string[] }>,
  isDryRun: boolean,
): string {
  if (migrations.length === 0) return `${database} is at the newest schema`
  const list = migrations.map((name) => `\n  ${name}`).join('')
  return `${database}: ${migrations.length} migrations ${isDryRun ? 'to apply' : 'applied'}${list}`
}
