import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

import type { SavedWorkflow } from '../../dev/n8n/N8nClient.mts';
import { packPackage } from '../../dev/n8n/packPackage.mts';
import { createChatAndImage, expectChatAndImage, TRIGGER } from './chatAndImage.mts';
import { CREDENTIALS, expectIcons, loadedNames, NODES, placedPackages, TOOL } from './loaded.mts';
import { useLab } from './useLab.mts';
import { CommunityPackages, nextVersion, useRegistry } from './useRegistry.mts';

const MANIFEST = path.resolve(import.meta.dirname, '../../package.json');

/** The way of a user: by name, from a registry, in Settings → Community Nodes. Each test goes on from the one before. */
describe('The package as a user installs it', () => {
	const inUse = useRegistry();
	let tarball: string;
	let name: string;
	let version: string;
	beforeAll(async () => {
		({ name, version } = JSON.parse(await readFile(MANIFEST, 'utf8')));
		tarball = await packPackage(inUse().folder);
		await inUse().registry.publish(tarball);
	});
	const lab = useLab('install', () => ({
		withPackage: false,
		environment: inUse().environment,
	}));
	let packages: CommunityPackages;
	let workflow: SavedWorkflow;
	beforeAll(() => {
		packages = new CommunityPackages(lab().client);
	});

	it('is not there before', async () => {
		expect(await packages.list()).toEqual([]);
		expect(await loadedNames(lab().client)).toEqual({ nodes: [], credentials: [] });
	});

	it('brings its nodes and credentials, with icons', async () => {
		const installed = await packages.install(name);
		expect(installed).toMatchObject({ packageName: name, installedVersion: version });
		expect(installed.installedNodes.map(({ type }) => type).sort()).toEqual(NODES);
		expect(await packages.list()).toMatchObject([
			{ installedVersion: version, failedLoading: false },
		]);
		expect(await loadedNames(lab().client)).toEqual({
			nodes: [...NODES, TOOL].sort(),
			credentials: CREDENTIALS,
		});
		await expectIcons(lab());
		expect(await placedPackages(lab())).toEqual([name]);
	});

	it('chats and draws', async () => {
		await lab().addPackageCredentials();
		workflow = await createChatAndImage(lab());
		await expectChatAndImage(lab(), workflow);
	});

	it('is still there after a restart', async () => {
		await lab().restart();
		expect(await packages.list()).toMatchObject([
			{ installedVersion: version, failedLoading: false },
		]);
		await expectChatAndImage(lab(), workflow);
	});

	it('is updated to the next version', async () => {
		const next = await nextVersion(tarball, inUse().folder);
		await inUse().registry.publish(next.source);
		expect(await packages.list()).toMatchObject([
			{ installedVersion: version, updateAvailable: next.version },
		]);
		expect((await packages.update(name)).installedVersion).toBe(next.version);
		const [updated, ...others] = await packages.list();
		expect(updated).toMatchObject({ installedVersion: next.version, failedLoading: false });
		expect(updated).not.toHaveProperty('updateAvailable');
		expect(others).toEqual([]);
		await expectChatAndImage(lab(), workflow);
	});

	it('goes without a trace but for the workflows, which say so', async () => {
		await packages.uninstall(name);
		expect(await packages.list()).toEqual([]);
		expect(await loadedNames(lab().client)).toEqual({ nodes: [], credentials: [] });
		await expect(lab().client.run(workflow, TRIGGER)).rejects.toThrow(
			'Unrecognized node type: n8n-nodes-aichats.aiChats',
		);
		expect(lab().n8n.running).toBe(true);
	});

	it('works again when it is installed again', async () => {
		await packages.install(name);
		await expectChatAndImage(lab(), workflow);
	});
});
