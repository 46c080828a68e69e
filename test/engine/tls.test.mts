import { describe, expect, it } from 'vitest';

import { drawn } from './drawnImage.mts';
import { encrypted } from './encrypted.mts';
import { failureOf } from './failure.mts';
import { providers } from './providers.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

describe('A certificate that nobody vouches for', async () => {
	const service = await encrypted();

	describe('without the switch', () => {
		const bench = useBench({ service });

		it.each(providers)('is refused, with advice: %s', async (_, ...asks) => {
			for (const ask of asks) {
				const failure = await failureOf(bench(), ask('a red kite'));
				expect(failure.message).toBe("The service's TLS certificate was not accepted");
				expect(failure.details).toMatchObject({ kind: 'network', attempts: 1 });
				expect(failure.details.description).toContain("turn on 'Ignore SSL Issues'");
			}
		});
	});

	describe('with the switch on', () => {
		const bench = useBench({ service, credential: { allowUnauthorizedCerts: true } });

		it.each(providers)('is accepted: %s', async (_, ask, draw) => {
			const answer = await bench().run(ask('a red kite'));
			expect(answer.items(NODE)[0]?.json['text']).toContain('a red kite');
			const run = await bench().run(draw('a red kite [[url kind=relative]]'));
			expect((await run.binary(run.items(NODE)[0]!)).equals(await drawn('a red kite'))).toBe(true);
		});
	});
});
