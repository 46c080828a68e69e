import { afterEach, expect, it, vi } from 'vitest';

import { EngineCredentialsHelper } from '../../dev/engine/credentialsHelper.mts';
import { failureOf } from './failure.mts';
import { chat, openAiChat } from './parameters.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const bench = useBench({ credential: { apiKey: 'sk-1', sessionCookie: 'a=b' } });

afterEach(() => {
	vi.restoreAllMocks();
});

// n8n's helper reads and decrypts it for every request, unless it is given it. The second reading finds out
// whether it depends on the item.
it.each([chat, openAiChat])('a credential is read twice for all items of a run', async (ask) => {
	const read = vi.spyOn(EngineCredentialsHelper.prototype, 'getDecrypted');
	const items = Array.from({ length: 20 }, () => ({ json: {} }));
	const run = await bench().run(ask('a red kite'), items);
	expect(run.items(NODE)).toHaveLength(20);
	expect(bench().service.requests).toHaveLength(20);
	expect(read).toHaveBeenCalledTimes(2);
});

it('one that cannot be read fails the items that need it, with its own words', async () => {
	vi.spyOn(EngineCredentialsHelper.prototype, 'getDecrypted').mockRejectedValue(
		new Error('The vault is sealed'),
	);
	const { written } = await failureOf(bench(), chat('a red kite'));
	expect(written).toContain('The vault is sealed');
	const { message } = await failureOf(bench(), chat('={{ $json.missing }}'));
	expect(message).toBe("'Prompt' is empty");
	expect(bench().service.requests).toEqual([]);
});
