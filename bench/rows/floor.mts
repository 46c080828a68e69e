import { UndiciTransport } from '../../dev/UndiciTransport.mts';
import { runPool, StartGate } from '../../nodes/AiChats/pool.ts';
import { OpenAiCompatible } from '../../providers/openAiCompatible/OpenAiCompatible.ts';
import type { Figures } from '../figures.mts';
import type { Bench } from '../lab/Bench.mts';

/** What the machine and the service allow: our provider over undici's pool, without n8n. */
export async function runFloor(
	{ service }: Bench,
	items: readonly string[],
	connections: number,
): Promise<Figures> {
	await service.reset();
	const transport = new UndiciTransport({ connections });
	const provider = new OpenAiCompatible(transport, service.url);
	const pace = {
		limit: connections,
		gate: new StartGate(0, 0),
		signal: new AbortController().signal,
	};
	const [started, cpu] = [performance.now(), process.cpuUsage()];
	await runPool(items.length, pace, async (index) => {
		const content = items[index] as string;
		await provider.createAsync('gpt-4o-mini', [{ role: 'user', content }]);
	});
	const wall = performance.now() - started;
	const { user, system } = process.cpuUsage(cpu);
	const statistics = await service.statistics();
	await transport.close();
	return {
		wall,
		perItem: wall / items.length,
		cpu: (user + system) / 1000,
		cpuPerItem: (user + system) / 1000 / items.length,
		inFlight: statistics.mostInFlight,
		connections: statistics.connectionsOpened,
	};
}
