import path from 'node:path';

import { buildIfNeeded } from '../../dev/build.mts';

/** Before all tests, as some look at the built package: none of them may build while others read it. */
export default async function setup(): Promise<void> {
	await buildIfNeeded(path.resolve(import.meta.dirname, '../..'));
}
