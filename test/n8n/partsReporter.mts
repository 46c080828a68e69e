import path from 'node:path';

import type { Reporter, TestModule } from 'vitest/node';

/** Prints, at the end, a table of the parts: how many checks each has, how many failed, how long it took. */
export default class PartsReporter implements Reporter {
	onTestRunEnd(modules: ReadonlyArray<TestModule>): void {
		const rows = modules.map((module) => {
			const tests = [...module.children.allTests()];
			// Where n8n did not start no test ran at all.
			const failed = tests.filter((test) => test.result().state !== 'passed').length;
			const { duration, collectDuration, setupDuration } = module.diagnostic();
			const seconds = ((duration + collectDuration + setupDuration) / 1000).toFixed(1);
			const part = path.basename(module.moduleId, '.test.mts');
			return `| ${part.padEnd(12)} | ${String(tests.length).padStart(6)} | ${String(failed).padStart(6)} | ${seconds.padStart(7)} |`;
		});
		const head =
			'| part         | checks | failed | seconds |\n| ------------ | -----: | -----: | ------: |';
		console.log(`\n${head}\n${rows.sort().join('\n')}\n`);
	}
}
