import { access, constants, glob } from 'node:fs/promises';
import path from 'node:path';

/** Where Debian has PostgreSQL's servers, none of which is on the PATH. */
const DEBIAN_POSTGRES = '/usr/lib/postgresql/*/bin';
const POSTGRES_PROGRAMS = ['initdb', 'postgres', 'pg_isready', 'psql'];

export interface QueuePrograms {
	redisServer: string;
	/** The folder that holds PostgreSQL's programs. */
	postgres: string;
}

/** What n8n's queue mode needs beside n8n. @throws Error that tells what to install */
export async function findQueuePrograms(): Promise<QueuePrograms> {
	const onPath = (process.env['PATH'] ?? '').split(path.delimiter);
	const redis = await folderWith(['redis-server'], onPath);
	const debian = await Array.fromAsync(glob(DEBIAN_POSTGRES));
	const postgres = await folderWith(POSTGRES_PROGRAMS, [...onPath, ...newestFirst(debian)]);
	if (redis === undefined || postgres === undefined) {
		throw new Error(
			'Queue mode needs a Redis server and PostgreSQL. On Debian: apt-get install redis-server postgresql',
		);
	}
	return { redisServer: path.join(redis, 'redis-server'), postgres };
}

async function folderWith(programs: string[], folders: string[]): Promise<string | undefined> {
	for (const folder of folders) {
		const files = programs.map((program) => path.join(folder, program));
		if ((await Promise.all(files.map(isProgram))).every(Boolean)) return folder;
	}
	return undefined;
}

async function isProgram(file: string): Promise<boolean> {
	return await access(file, constants.X_OK).then(
		() => true,
		() => false,
	);
}

function newestFirst(folders: string[]): string[] {
	return folders.sort((one, other) => other.localeCompare(one, 'en', { numeric: true }));
}
