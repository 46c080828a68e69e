import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { installN8n, type N8nInstallation, type OnLine } from '../../dev/n8n/installation.mts';
import { AI_CHATS, N8N_OPENAI, OPENAI_COMPATIBLE } from '../../dev/n8n/Lab.mts';
import { packPackage, placePackage } from '../../dev/n8n/packPackage.mts';
import { placeMinimalNode } from '../minimalNode/place.mts';
import { BenchN8n, type Credentials } from './BenchN8n.mts';
import { ServiceProcess } from './ServiceProcess.mts';
import { closeServices, credentialName, type Place, PLACES, startServices } from './places.mts';

/** All that measurements need: the service, an n8n that stays, and fresh ones for what must not. */
export class Bench {
	private staying: Promise<BenchN8n> | undefined;
	private spare: Promise<BenchN8n> | undefined;
	private closing: Promise<void> | undefined;
	private prepared: Promise<void> | undefined;
	/** By their names, in every n8n here. */
	private readonly credentials: Credentials = {};
	private readonly starting = new Set<Promise<BenchN8n>>();
	private readonly running = new Set<BenchN8n>();
	private copies = 0;

	private constructor(
		readonly folder: string,
		readonly installation: N8nInstallation,
		private readonly services: Record<Place, ServiceProcess>,
		readonly tarball: string,
		private readonly onLine: OnLine,
	) {}

	static async open(onLine: OnLine): Promise<Bench> {
		const installation = await installN8n({ onLine });
		const folder = await mkdtemp(path.join(os.tmpdir(), 'aichats-bench-'));
		const services = await startServices();
		try {
			onLine('Packing the package ...');
			const tarball = await packPackage(folder);
			const bench = new Bench(folder, installation, services, tarball, onLine);
			await placePackage(tarball, bench.template);
			return bench;
		} catch (error) {
			await closeServices(services);
			await remove(folder);
			throw error;
		}
	}

	/** The one next door, without limits. */
	get service(): ServiceProcess {
		return this.serviceAt('here');
	}

	serviceAt(place: Place): ServiceProcess {
		return this.services[place];
	}

	/** The n8n that stays for all measurements of time. */
	async n8n(): Promise<BenchN8n> {
		this.staying ??= this.freshN8n();
		return await this.staying;
	}

	/**
	 * A fresh one that was started meanwhile, as that takes longer than what it is for. The next one is
	 * started at once.
	 */
	async takeSpare(): Promise<BenchN8n> {
		const spare = this.spare ?? this.freshN8n();
		const taken = await spare;
		this.spare = this.freshN8n();
		// Whoever takes it hears of a failed start.
		this.spare.catch(() => undefined);
		return taken;
	}

	/** Ends the one that was started and not taken, so that it disturbs nobody. */
	async dropSpare(): Promise<void> {
		const spare = await this.spare?.catch(() => undefined);
		this.spare = undefined;
		if (spare !== undefined) await this.discard(spare);
	}

	/** An n8n that has done nothing yet. To be given to `discard`. */
	async freshN8n(flags: readonly string[] = []): Promise<BenchN8n> {
		if (this.closing !== undefined) throw new Error('The bench is closing');
		const start = this.start(flags);
		this.starting.add(start);
		return await start.finally(() => this.starting.delete(start));
	}

	private async start(flags: readonly string[]): Promise<BenchN8n> {
		this.prepared ??= this.prepare();
		await this.prepared;
		const folder = path.join(this.folder, `n8n-${(this.copies += 1)}`);
		await cp(this.template, folder, { recursive: true });
		const n8n = await BenchN8n.start(this.installation, folder, this.credentials, flags);
		this.running.add(n8n);
		await n8n.client.signIn();
		return n8n;
	}

	/** Ends an n8n and removes its folder, which may hold large images. */
	async discard(n8n: BenchN8n): Promise<void> {
		this.running.delete(n8n);
		await n8n.stop();
		await remove(n8n.folder);
	}

	async close(): Promise<void> {
		this.closing ??= this.end();
		await this.closing;
	}

	private async end(): Promise<void> {
		await Promise.allSettled(this.starting);
		await Promise.all([...this.running].map(async (n8n) => await this.discard(n8n)));
		await closeServices(this.services);
		await remove(this.folder);
	}

	/** Our package as n8n has it installed. */
	get packageDirectory(): string {
		return path.join(this.template, '.n8n/nodes/node_modules/n8n-nodes-aichats');
	}

	/** A user folder with a migrated database, an owner and credentials, to be copied. */
	private get template(): string {
		return path.join(this.folder, 'template');
	}

	private async prepare(): Promise<void> {
		this.onLine('Preparing n8n ...');
		await placeMinimalNode(this.template);
		const n8n = await BenchN8n.start(this.installation, this.template, this.credentials);
		try {
			await n8n.client.setUpOwner();
			for (const place of PLACES) {
				const { url: baseUrl } = this.serviceAt(place);
				const openAi = { apiKey: 'local', url: `${baseUrl}/v1` };
				await this.addCredential(n8n, place, AI_CHATS, { baseUrl });
				await this.addCredential(n8n, place, OPENAI_COMPATIBLE, { baseUrl, apiKey: 'local' });
				await this.addCredential(n8n, place, N8N_OPENAI, openAi);
			}
		} finally {
			await n8n.stop();
		}
	}

	private async addCredential(
		n8n: BenchN8n,
		place: Place,
		type: string,
		data: object,
	): Promise<void> {
		const name = credentialName(type, place);
		const id = await n8n.client.createCredential(type, name, data);
		this.credentials[name] = { id, name };
	}
}

/** What was just ended may still be writing. */
async function remove(folder: string): Promise<void> {
	await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
