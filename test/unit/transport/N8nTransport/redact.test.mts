import { expect, test } from 'vitest';

import { ok, open } from './opened.mts';

test('secrets of the credential are taken out of words', () => {
	const { transport } = open(() => ok(), { credential: { sessionCookieSecret: 'a=hunter22' } });
	expect(transport.redact('not hunter22')).toBe('not *****');
});
