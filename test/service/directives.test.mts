import { expect, test } from 'vitest';

import { directiveTable } from '../../dev/service/index.mts';
import { answerChecks } from './checks/answers.mts';
import { httpFaultChecks } from './checks/httpFaults.mts';
import { interruptionChecks } from './checks/interruptions.mts';
import { imageFaultChecks } from './checks/imageFaults.mts';
import { serverHabitChecks } from './checks/serverHabits.mts';
import { settingChecks } from './checks/settings.mts';
import { streamQuirkChecks } from './checks/streamQuirks.mts';
import { openService } from './support/service.mts';

const checks = {
	...settingChecks,
	...streamQuirkChecks,
	...httpFaultChecks,
	...interruptionChecks,
	...imageFaultChecks,
	...answerChecks,
	...serverHabitChecks,
};

test.for(directiveTable)('$name: $explanation', async ({ name }) => {
	const check = checks[name];
	expect(check, 'a directive without a check').toBeDefined();
	await check?.(await openService());
});

test('no check is left of a directive that is gone', () => {
	const names = new Set(directiveTable.map(({ name }) => name));
	expect(names.size).toBe(directiveTable.length);
	expect(Object.keys(checks).filter((name) => !names.has(name))).toEqual([]);
});
