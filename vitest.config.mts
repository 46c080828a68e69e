import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const require = createRequire(import.meta.url);

/** Real sockets, processes and builds: slow machines get time, nothing waits without reason. */
const patience = { testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
	// n8n-core loads n8n-workflow's CommonJS build. With another copy in the sources,
	// `instanceof NodeApiError` would be false for n8n's own errors.
	resolve: { alias: { 'n8n-workflow': require.resolve('n8n-workflow') } },
	test: {
		projects: [
			{
				extends: true,
				test: {
					...patience,
					name: 'fast',
					include: [
						'{credentials,nodes,providers,transport}/**/*.test.mts',
						'test/{engine,peers,providers,recordings,service}/**/*.test.mts',
					],
					// They share a worker's modules: to evaluate n8n's anew for each file takes two thirds of the time.
					isolate: false,
					maxWorkers: '100%',
				},
			},
			{
				extends: true,
				test: {
					...patience,
					name: 'timing',
					include: ['test/{chaos,memory,scale}/**/*.test.mts'],
					exclude: ['test/*/long/**'],
					// What they measure is time and memory: nothing may run beside them.
					fileParallelism: false,
					sequence: { groupOrder: 1 },
				},
			},
			{
				extends: true,
				test: {
					...patience,
					name: 'package',
					include: ['test/package/**/*.test.mts'],
					globalSetup: ['test/support/buildOnce.mts'],
					sequence: { groupOrder: 2 },
				},
			},
			{
				extends: true,
				test: {
					...patience,
					name: 'check',
					include: ['test/{*/long,attacks,check,fuzz}/**/*.test.mts'],
					globalSetup: ['test/support/buildOnce.mts'],
					fileParallelism: false,
				},
			},
			{
				extends: true,
				test: { ...patience, name: 'bench', include: ['bench/test/**/*.test.mts'] },
			},
		],
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
