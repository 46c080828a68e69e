import path from 'node:path';

import { buildIfNeeded } from './build.mts';
import { type DemoOptions, readOptions } from './demo/options.mts';
import { savePicture } from './demo/savePicture.mts';
import { Screen } from './demo/screen.mts';
import { openService } from './demo/service.mts';
import { CHAT_NODE, credentialsFor, IMAGE_NODE, readWorkflow } from './demo/workflow.mts';
import { createEngine, type EngineRun, type RunningExecution } from './engine/index.mts';

/** Exit code of a program that was interrupted. */
const STOPPED = 130;
const ROOT = path.resolve(import.meta.dirname, '..');

const options = readOptions(process.argv);
const screen = new Screen();
let execution: RunningExecution | undefined;
let stopped = false;
process.on('SIGINT', stop);
process.exitCode = await demonstrate(options);

/** Ctrl-C: the workflow ends as by n8n's Stop button; a second one, or one before it runs, ends at once. */
function stop(): void {
	if (execution === undefined || stopped) process.exit(STOPPED);
	stopped = true;
	execution.cancel();
}

/** Runs the example workflow. @returns the process's exit code */
async function demonstrate(demo: DemoOptions): Promise<number> {
	screen.line('Building the package if its sources changed ...');
	await buildIfNeeded(ROOT);
	const service = await openService(demo);
	const engine = await createEngine({
		package: { directory: ROOT },
		credentials: credentialsFor(demo, service.url),
	});
	try {
		if (demo.baseUrl === undefined) {
			screen.line(`A local stand-in service answers at ${service.url}. It runs no model.`);
		}
		screen.line(`\nPrompt: ${demo.prompt}\n`);
		execution = engine.start(await readWorkflow(ROOT, demo), {
			input: [{ json: { topic: demo.prompt } }],
			onChunk: (chunk) => screen.chunk(chunk),
			onNodeFinished: (name, { error }) => {
				if (name === CHAT_NODE && error === undefined) screen.startClock('Drawing the image');
			},
		});
		const run = await execution.finished;
		screen.stopClock();
		return await report(run, demo);
	} finally {
		await engine.close();
		await service.close();
	}
}

async function report(run: EngineRun, demo: DemoOptions): Promise<number> {
	if (run.status === 'canceled') {
		screen.line('Stopped.');
		return STOPPED;
	}
	if (run.error !== undefined) {
		screen.line(`\n${run.error.message}`);
		if (run.error.description) screen.line(run.error.description);
		return 1;
	}
	for (const item of run.items(IMAGE_NODE)) {
		const { width, height, bytes, mimeType } = item.json;
		const file = await savePicture(run, item, demo.out);
		screen.line(`${mimeType}, ${width} x ${height}, ${bytes} bytes: ${file}`);
	}
	screen.line(`The text came in ${screen.fragments} fragments.`);
	return 0;
}
