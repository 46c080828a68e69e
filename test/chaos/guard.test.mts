import { expect, it } from 'vitest';

import { NODE } from '../engine/support.mts';
import { detailsOf } from './accounts.mts';
import { askOne } from './ask.mts';
import { asking, sharedBench } from './bench.mts';

const guarded = sharedBench({ engine: { ssrfProtection: {} } });

it.each(['aiChats', 'openAiCompatible'])(
	"n8n's guard keeps %s from an address that it blocks, and the error says so",
	async (provider) => {
		const parameters = asking('chat', { maxRetryDelay: 0.01 }, { provider });
		const { item, run } = await askOne(guarded(), parameters, 'a kite');
		expect(item.json['error']).toBe("n8n's SSRF protection blocked the address");
		expect(detailsOf(item)).toMatchObject({ kind: 'refused', attempts: 1 });
		expect(run.hints(NODE)).toMatchObject([{ message: '1 of 1 item failed' }]);
		expect(guarded().service.statistics()).toMatchObject({ requests: 0, connectionsOpened: 0 });
	},
);
