import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import type { LocalServiceOptions, Statistics } from '../../dev/service/index.mts';
import type { Answer, Command } from './serviceMain.mts';

export interface ServiceSettings extends LocalServiceOptions {
	/** How far away it seems, in ms; it is next door when undefined. */
	roundTrip?: number;
}

/** The stand-in service as a process of its own, so that its work is on nobody's account. */
export class ServiceProcess {
	private constructor(
		private readonly child: ChildProcess,
		readonly url: string,
	) {}

	static async start(settings: ServiceSettings = {}): Promise<ServiceProcess> {
		const script = path.join(import.meta.dirname, 'serviceMain.mts');
		const child = fork(script, [JSON.stringify(settings)], {
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
