import { Command, InvalidArgumentError } from 'commander';

import { tableText } from './faults/table.mts';
import { type LocalService, startLocalService } from './index.mts';

interface Flags {
	port: number;
	imagePort: number;
	pace: number;
	latency: number;
	cookie?: string;
	apiKey?: string;
	faults?: boolean;
}

function wholeNumber(text: string): number {
	if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a whole number is expected');
	return Number(text);
}

function readFlags(): Flags {
	const command = new Command('service')
		.description('A stand-in for chat and image services, on loopback. It runs no model.')
		.option('--port <number>', 'port of both protocols', wholeNumber, 4010)
		.option('--image-port <number>', 'port of the images, 0: any', wholeNumber, 0)
		.option('--pace <milliseconds>', 'between two fragments of an answer', wholeNumber, 40)
		.option('--latency <milliseconds>', 'before an answer begins', wholeNumber, 0)
		.option('--cookie <text>', 'Ai-Chats requests without this cookie get a captcha page')
		.option('--api-key <text>', 'OpenAI requests without this key get a 401')
		.option('--faults', 'print what a prompt can ask for with [[…]], and exit');
	return command.parse().opts<Flags>();
}

function describe({ url, imagesUrl }: LocalService): string {
	return [
		'Stand-in service: it runs no model. Answers repeat what was sent, images show the prompt.',
		'',
		`  Ai-Chats base URL            ${url}`,
		`  OpenAI-compatible base URL   ${url}/v1`,
		`  images come from             ${imagesUrl}`,
		'',
		'A prompt can ask for a fault, e.g. [[status code=503 times=1]]; --faults lists them.',
		'Ctrl-C ends it.',
	].join('\n');
}

function failStart(error: unknown): never {
	const { code, message, port } = error as NodeJS.ErrnoException & { port?: number };
	const busy = `Port ${port} is in use. Choose another with --port, or end what listens there.`;
	console.error(code === 'EADDRINUSE' ? busy : `The service did not start: ${message}`);
	process.exit(1);
}

async function run(flags: Flags): Promise<void> {
	const service = await startLocalService({
		port: flags.port,
		imagePort: flags.imagePort,
		paceMilliseconds: flags.pace,
		latencyMilliseconds: flags.latency,
		cookie: flags.cookie,
		apiKey: flags.apiKey,
		onLine: (line) => console.log(line),
	}).catch(failStart);
	console.log(describe(service));
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => void service.close().then(() => process.exit(0)));
	}
}

const flags = readFlags();
if (flags.faults) console.log(tableText());
else await run(flags);
