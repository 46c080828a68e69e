import type { N8nClient } from './N8nClient.mts';

/** Signs in; makes the owner first where there is none yet. */
export async function enterAsOwner(client: N8nClient): Promise<void> {
	const { userManagement } = await client.send<{
		userManagement: { showSetupOnFirstLoad: boolean };
	}>('GET', '/settings');
	if (userManagement.showSetupOnFirstLoad) await client.setUpOwner();
	else await client.signIn();
}

/** Creates a credential, or gives the one of this type and name new data. @returns its id */
export async function saveCredential(
	client: N8nClient,
	type: string,
	name: string,
	data: object,
): Promise<string> {
	const kept = await client.send<Array<{ id: string; type: string; name: string }>>(
		'GET',
		'/credentials',
	);
	const same = kept.find((credential) => credential.type === type && credential.name === name);
	if (same === undefined) return await client.createCredential(type, name, data);
	await client.send('PATCH', `/credentials/${same.id}`, { type, name, data });
	return same.id;
}
