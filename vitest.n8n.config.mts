import { defineConfig } from 'vitest/config';

// The tests on a real n8n: each file is a part with an n8n of its own, one after the other.
export default defineConfig({
	test: {
		include: ['test/n8n/**/*.test.mts', 'test/browser/**/*.test.mts'],
		fileParallelism: false,
		testTimeout: 120_000,
		hookTimeout: 300_000,
		expect: { poll: { timeout: 60_000, interval: 100 } },
		reporters: ['default', './test/n8n/partsReporter.mts'],
	},
});
