import { describe } from 'vitest';

import { smoke } from './smoke.mts';

describe('The packed package in n8n', () => {
	smoke('smoke', process.env['AICHATS_N8N_VERSION'] || undefined);
});
