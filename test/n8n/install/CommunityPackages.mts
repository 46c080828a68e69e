import type { N8nClient } from '../../../dev/n8n/N8nClient.mts';

/** A community package as n8n's settings show it. */
export interface InstalledPackage {
	packageName: string;
	installedVersion: string;
	installedNodes: Array<{ name: string; type: string }>;
	updateAvailable?: string;
	failedLoading?: boolean;
}

const PATH = '/community-packages';

/** What the page Settings → Community Nodes does. */
export class CommunityPackages {
	constructor(private readonly client: N8nClient) {}

	async list(): Promise<InstalledPackage[]> {
		return await this.client.send('GET', PATH);
	}

	async install(name: string): Promise<InstalledPackage> {
		return await this.client.send('POST', PATH, { name });
	}

	async update(name: string): Promise<InstalledPackage> {
		return await this.client.send('PATCH', PATH, { name });
	}

	async uninstall(name: string): Promise<void> {
		await this.client.send('DELETE', `${PATH}?name=${name}`);
	}
}
