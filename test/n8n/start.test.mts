import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { AI_CHATS, OPENAI_COMPATIBLE } from '../../dev/n8n/Lab.mts';
import type { N8nClient, SavedWorkflow } from '../../dev/n8n/N8nClient.mts';
import { freePort } from '../../dev/n8n/processes.mts';
import { alive, copyProject, StartedProject } from './StartedProject.mts';

const NODE = 'nodes/AiChats/AiChats.node.ts';

describe('npm start', { timeout: 300_000 }, () => {
	let root: string;
	let project: string;
	let started: StartedProject | undefined;
	/** Occupies the ports that are requested. */
	let neighbours: Server[];

	beforeAll(async () => {
		root = await mkdtemp(path.join(os.tmpdir(), 'aichats-start-'));
		project = path.join(root, 'project');
		await copyProject(project);
		neighbours = await Promise.all([listening(), listening()]);
	});
	afterEach(async () => await started?.close());
	afterAll(async () => {
		neighbours?.forEach((server) => server.close());
		await rm(root, { recursive: true, force: true });
	});

	function kept(): string[] {
		return ['--folder', path.join(root, 'folder')];
	}

	async function start(...parameters: string[]): Promise<N8nClient> {
		started = await StartedProject.start(project, [...kept(), ...parameters]);
		return await started.client();
	}

	it('gives a working n8n, takes other ports than used ones, and ends with all it started', async () => {
		const [port, servicePort] = neighbours.map(portOf);
		const client = await start('--port', `${port}`, '--service-port', `${servicePort}`);
		const { output, url, serviceUrl } = started as StartedProject;
		expect(output).toContain(`Port ${port} is in use; n8n takes ${new URL(url).port}.`);
		expect(output).toContain(`Port ${servicePort} is in use; the service takes`);
		expect(await exampleNames(client)).toEqual(await exampleFiles(project));
		expect(await credentialAddresses(client)).toEqual([serviceUrl, serviceUrl]);
		const workflow = await client.send<SavedWorkflow>('GET', '/workflows/chat-and-image');
		const execution = await client.run(workflow, "When clicking 'Execute workflow'");
		expect(execution.status).toBe('success');
		const pids = await (started as StartedProject).interrupt();
		// npm, its shell, the program, n8n and its task runner.
		expect(pids.length).toBeGreaterThanOrEqual(5);
		await expectEnded(pids);
		await expect(fetch(url)).rejects.toThrow();
		await expect(fetch(serviceUrl)).rejects.toThrow();
	});

	it('keeps what is in the folder, and lets no second one use it at the same time', async () => {
		const ports = ['--port', `${await freePort()}`, '--service-port', `${await freePort()}`];
		const client = await start(...ports);
		const { serviceUrl } = started as StartedProject;
		expect(serviceUrl).toBe(`http://127.0.0.1:${ports[3]}`);
		expect(await exampleNames(client)).toEqual(await exampleFiles(project));
		expect(await credentialAddresses(client)).toEqual([serviceUrl, serviceUrl]);
		const second = StartedProject.begin(project, kept());
		await second.printed(/^Waiting for the 'npm start' that uses/m);
		await expectEnded(await second.interrupt());
		await client.signIn();
	});

	it('loads a changed source with --watch', async () => {
		const client = await start('--watch');
		const source = path.join(project, NODE);
		const changed = (await readFile(source, 'utf8')).replace("'AiChats'", "'AiChats changed'");
		await writeFile(source, changed);
		await expect
			.poll(async () => await displayName(client), { timeout: 120_000 })
			.toBe('AiChats changed');
		await expectEnded(await (started as StartedProject).interrupt());
	});
});

/** What was in the middle of something may end a moment after its parent. */
async function expectEnded(pids: number[]): Promise<void> {
	await expect.poll(() => alive(pids), { timeout: 10_000 }).toEqual([]);
}

async function listening(): Promise<Server> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return server;
}

function portOf(server: Server): number {
	return (server.address() as { port: number }).port;
}

async function exampleFiles(project: string): Promise<string[]> {
	const files = await readdir(path.join(project, 'examples'));
	return files
		.filter((name) => name.endsWith('.json'))
		.map((name) => path.parse(name).name)
		.sort();
}

/** The workflows of n8n, by their ids: those of the examples are made of the names of the files. */
async function exampleNames(client: N8nClient): Promise<string[]> {
	const workflows = await client.send<SavedWorkflow[]>('GET', '/workflows');
	return workflows.map(({ id }) => id).sort();
}

/** The base URLs in the package's credentials. */
async function credentialAddresses(client: N8nClient): Promise<unknown[]> {
	const all = await client.send<Array<{ id: string; type: string }>>('GET', '/credentials');
	const ours = all.filter(({ type }) => [AI_CHATS, OPENAI_COMPATIBLE].includes(type));
	const read = async (id: string) =>
		await client.send<{ data: { baseUrl: string } }>('GET', `/credentials/${id}?includeData=true`);
	return await Promise.all(ours.map(async ({ id }) => (await read(id)).data.baseUrl));
}

async function displayName(client: N8nClient): Promise<string | undefined> {
	const types = await client.send<Array<{ name: string; displayName: string }>>(
		'POST',
		'/node-types',
		{ nodeInfos: [{ name: 'n8n-nodes-aichats.aiChats', version: 1 }] },
	);
	return types[0]?.displayName;
}
