/**
 * This process's environment without vitest's NODE_ENV=test, for programs to run as users run them. With
 * it, n8n's lint rules take every file for one of their own fixtures.
 */
export function usersEnvironment(): NodeJS.ProcessEnv {
	const env = { ...process.env };
	delete env['NODE_ENV'];
	return env;
}
