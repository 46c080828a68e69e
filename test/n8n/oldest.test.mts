import { describe } from 'vitest';

import { oldestVersion } from '../../dev/n8n/installation.mts';
import { smoke } from './smoke.mts';

const version = await oldestVersion();

describe(`The packed package in n8n ${version}, the oldest that it supports`, () => {
	smoke('oldest', version);
});
