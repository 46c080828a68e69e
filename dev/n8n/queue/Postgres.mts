import { chown } from 'node:fs/promises';
import path from 'node:path';

import { makeTemporaryFolder, type TemporaryFolder } from '../../temporaryFolder.mts';
import { BackgroundProcess, freePort, runCommand } from '../processes.mts';

export interface SystemUser {
	uid: number;
	gid: number;
}

/**
 * The user PostgreSQL has to run as: it refuses to run as root, so root needs the user that its package creates;
 * otherwise it is the current user.
 *
 * @throws Error when root has no such user
 */
export async function postgresUser(): Promise<SystemUser | undefined> {
	if (process.getuid?.() !== 0) return undefined;
	try {
		const [uid, gid] = await Promise.all(
			['-u', '-g'].map(async (flag) => Number(await runCommand('id', [flag, 'postgres']))),
		);
		return { uid: uid as number, gid: gid as number };
	} catch {
		throw new Error('PostgreSQL does not run as root, and there is no user named postgres');
	}
}

const MAX_START_TIME = 60_000;
const HOST = '127.0.0.1';
/** The only user, with all rights, and the database that every cluster has. */
const USER = 'n8n';
const DATABASE = 'postgres';

export interface PostgresOptions {
	/** The folder that holds PostgreSQL's programs. */
	programs: string;
	/** Whether it waits until its data is on the disk, as in production; false is faster. */
	durable?: boolean;
}

/** A PostgreSQL with an empty database, on loopback, whose data goes when it is stopped. */
export class Postgres {
	private constructor(
		readonly port: number,
		private readonly programs: string,
		private readonly server: BackgroundProcess,
		private readonly folder: TemporaryFolder,
	) {}

	static async start({ programs, durable = false }: PostgresOptions): Promise<Postgres> {
		const user = await postgresUser();
		const folder = await makeTemporaryFolder('aichats-postgres');
		try {
			if (user !== undefined) await chown(folder.path, user.uid, user.gid);
			const data = await makeCluster(programs, folder.path, user);
			const port = await freePort();
			const server = new BackgroundProcess({
				name: 'PostgreSQL',
				program: path.join(programs, 'postgres'),
				parameters: [...place(data, port), '-c', `fsync=${durable ? 'on' : 'off'}`],
				folder: folder.path,
				logFile: path.join(folder.path, 'postgres.log'),
				user,
			});
			const postgres = new Postgres(port, programs, server, folder);
			await server.ready(async () => await postgres.answers(), MAX_START_TIME);
			return postgres;
		} catch (error) {
			await folder.remove();
			throw error;
		}
	}

	/** Id of the process that started all of its others. */
	get pid(): number {
		return this.server.pid;
	}

	/** The settings that n8n needs to use it. */
	get environment(): Record<string, string> {
		return {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: HOST,
			DB_POSTGRESDB_PORT: String(this.port),
			DB_POSTGRESDB_USER: USER,
			DB_POSTGRESDB_DATABASE: DATABASE,
		};
	}

	/** @returns the rows, one a line, their columns apart by `|` */
	async query(sql: string): Promise<string> {
		return (await this.run('psql', ['-At', '-c', sql])).trim();
	}

	/** Ends all connections and the server, without waiting for whoever uses it. */
	async stop(): Promise<void> {
		await this.server.stop('SIGINT');
		await this.folder.remove();
	}

	private async answers(): Promise<boolean> {
		return await this.run('pg_isready', []).then(
			() => true,
			() => false,
		);
	}

	private async run(program: string, parameters: string[]): Promise<string> {
		const place = ['-h', HOST, '-p', String(this.port), '-U', USER, '-d', DATABASE];
		return await runCommand(path.join(this.programs, program), [...place, ...parameters]);
	}
}

/** @returns the cluster's data folder */
async function makeCluster(
	programs: string,
	folder: string,
	user: SystemUser | undefined,
): Promise<string> {
	const data = path.join(folder, 'data');
	const parameters = ['-D', data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'];
	await runCommand(path.join(programs, 'initdb'), parameters, { cwd: folder, ...user });
	return data;
}

function place(data: string, port: number): string[] {
	const settings = [`listen_addresses=${HOST}`, 'unix_socket_directories='];
	return ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
}
