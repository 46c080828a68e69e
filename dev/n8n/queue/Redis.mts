import { once } from 'node:events';
import { connect } from 'node:net';
import path from 'node:path';

import { makeTemporaryFolder, type TemporaryFolder } from '../../temporaryFolder.mts';
import { BackgroundProcess, freePort } from '../processes.mts';

const MAX_START_TIME = 30_000;
const HOST = '127.0.0.1';

/** An empty Redis on loopback that forgets everything when it is stopped. */
export class Redis {
	private constructor(
		readonly port: number,
		private readonly server: BackgroundProcess,
		private readonly folder: TemporaryFolder,
	) {}

	static async start(program: string): Promise<Redis> {
		const folder = await makeTemporaryFolder('aichats-redis');
		const port = await freePort();
		const place = ['--bind', HOST, '--port', String(port), '--dir', folder.path];
		const server = new BackgroundProcess({
			name: 'Redis',
			program,
			parameters: [...place, '--save', '', '--appendonly', 'no'],
			folder: folder.path,
			logFile: path.join(folder.path, 'redis.log'),
		});
		const redis = new Redis(port, server, folder);
		try {
			await server.ready(async () => await answers(port), MAX_START_TIME);
		} catch (error) {
			await redis.stop();
			throw error;
		}
		return redis;
	}

	/** Id of the process. */
	get pid(): number {
		return this.server.pid;
	}

	/** The settings that n8n needs to use it. */
	get environment(): Record<string, string> {
		return { QUEUE_BULL_REDIS_HOST: HOST, QUEUE_BULL_REDIS_PORT: String(this.port) };
	}

	/** The number of connections that others hold. */
	async clients(): Promise<number> {
		const answer = await ask(this.port, 'INFO clients');
		return Number(/connected_clients:(\d+)/.exec(answer)?.[1]) - 1;
	}

	async version(): Promise<string> {
		const answer = await ask(this.port, 'INFO server');
		return /redis_version:(\S+)/.exec(answer)?.[1] ?? 'unknown';
	}

	async stop(): Promise<void> {
		await this.server.stop();
		await this.folder.remove();
	}
}

async function answers(port: number): Promise<boolean> {
	return await ask(port, 'PING').then(
		(answer) => answer.startsWith('+PONG'),
		() => false,
	);
}

/** @returns the beginning of the answer, which holds all of a short one */
async function ask(port: number, command: string): Promise<string> {
	const socket = connect(port, HOST);
	try {
		socket.write(`${command}\r\n`);
		const [data] = (await once(socket, 'data')) as [Buffer];
		return data.toString();
	} finally {
		socket.destroy();
	}
}
