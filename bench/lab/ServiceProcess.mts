import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import type { Statistics } from '../../dev/service/index.mts';
import type { Answer, Command } from './serviceMain.mts';

/** The stand-in service as a process of its own, so that its work is on nobody's account. */
export class ServiceProcess {
	private constructor(
		private readonly child: ChildProcess,
		readonly url: string,
	) {}

	static async start(): Promise<ServiceProcess> {
		const child = fork(path.join(import.meta.dirname, 'serviceMain.mts'), {
			execArgv: ['--import', 'tsx'],
		});
		const [{ url }] = (await once(child, 'message')) as [{ url: string }];
		return new ServiceProcess(child, url);
	}

	/** What the service saw since the last reset. */
	async statistics(): Promise<Statistics> {
		return (await this.tell('statistics')) as Statistics;
	}

	async reset(): Promise<void> {
		await this.tell('reset');
	}

	async close(): Promise<void> {
		if (this.child.exitCode !== null || this.child.signalCode !== null) return;
		const ended = once(this.child, 'exit');
		this.child.disconnect();
		await ended;
	}

	private async tell(command: Command): Promise<Answer> {
		const answered = once(this.child, 'message');
		this.child.send(command);
		const [answer] = (await answered) as [Answer];
		return answer;
	}
}
