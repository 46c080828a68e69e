import { runCommand } from '../runCommand.mts';

export interface SystemUser {
	uid: number;
	gid: number;
}

/**
 * Whom PostgreSQL has to run as: it refuses to run as root, so there as the user that its package makes,
 * otherwise as whoever runs this.
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
