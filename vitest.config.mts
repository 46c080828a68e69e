import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const require = createRequire(import.meta.url);

export default defineConfig({
	// n8n-core loads n8n-workflow's CommonJS build. With another copy in the sources,
	// `instanceof NodeApiError` would be false for n8n's own errors.
	resolve: { alias: { 'n8n-workflow': require.resolve('n8n-workflow') } },
	test: {
		include: ['test/**/*.test.mts'],
		// On a real n8n, by `npm run test:n8n`.
		exclude: ['test/n8n/**', 'test/browser/**'],
		globalSetup: ['test/support/buildOnce.mts'],
		// Real sockets, processes and builds: slow machines get time, nothing waits without reason.
		testTimeout: 60_000,
		hookTimeout: 120_000,
		coverage: {
			provider: 'v8',
			include: ['providers/**/*.ts', 'transport/**/*.ts', 'nodes/**/*.ts', 'credentials/**/*.ts'],
			thresholds: { lines: 95, branches: 90 },
			reporter: ['text-summary', 'html'],
			// Not in the root: the strict lint reads everything there.
			reportsDirectory: 'node_modules/.cache/coverage',
		},
	},
});
