export * from './define-command.ts'
export * from './json-text.ts'
export * from './progress-display.ts'
export * from './run-program.ts'
