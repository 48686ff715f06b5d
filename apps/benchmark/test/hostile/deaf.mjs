// Does not hear of any end, and spins.
for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGXCPU']) process.on(name, () => {})
console.log('deaf')
for (;;);
