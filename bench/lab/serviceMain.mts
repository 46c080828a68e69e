/** The stand-in service, steered by the process that started it. Ends with that one. */
import { startLocalService, type Statistics } from '../../dev/service/index.mts';
import type { ServiceSettings } from './ServiceProcess.mts';
import { startRelay } from './relay.mts';

export type Command = 'statistics' | 'reset';
export type Answer = Statistics | 'done';

// Few are kept: bodies and headers of 10,000 requests are memory that nobody looks at.
const { roundTrip, ...options } = JSON.parse(process.argv[2] ?? '{}') as ServiceSettings;
const service = await startLocalService({ keepRequests: 10, ...options });
const url = roundTrip === undefined ? service.url : await startRelay(service.url, roundTrip);

process.on('message', (command: Command) => {
	if (command === 'reset') service.reset();
	const answer: Answer = command === 'statistics' ? service.statistics() : 'done';
	process.send?.(answer);
});
process.once('disconnect', () => void service.close().then(() => process.exit(0)));
process.send?.({ url });
