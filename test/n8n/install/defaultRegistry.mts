import { createRequire } from 'node:module';

import { installN8n } from '../../../dev/n8n/installation.mts';

/** The registry that the pinned n8n asks when nothing is set, as its own code has it. */
export async function defaultRegistry(): Promise<URL> {
	const { program } = await installN8n();
	const { CommunityPackagesConfig } = createRequire(program)(
		'../dist/modules/community-packages/community-packages.config.js',
	) as { CommunityPackagesConfig: new () => { registry: string } };
	return new URL(new CommunityPackagesConfig().registry);
}
