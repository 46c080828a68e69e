import type { IExecuteFunctions } from 'n8n-workflow';

import type { ItemRun } from '../run/ItemRun';

/** Tells, above the output, what did not go smoothly. */
export function hintAboutTrouble(context: IExecuteFunctions, runs: readonly ItemRun[]): void {
	const failed = runs.filter((run) => run.failed).length;
	const retried = runs.filter(({ retries }) => retries > 0);
	const retries = retried.reduce((sum, run) => sum + run.retries, 0);
	if (retries > 0) {
		hint(
			context,
			'info',
			`Repeated ${retries} requests for ${retried.length} of ${runs.length} items`,
		);
	}
	if (failed > 0) hint(context, 'warning', `${failed} of ${runs.length} items failed`);
}

function hint(context: IExecuteFunctions, type: 'info' | 'warning', message: string): void {
	context.addExecutionHints({ message, type, location: 'outputPane' });
}
