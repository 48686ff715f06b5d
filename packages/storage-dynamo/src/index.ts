export * from './embedded/start-embedded-dynamo.ts'
