import path from 'node:path';

import { Command, InvalidArgumentError } from 'commander';

import { cacheDirectory } from '../n8n/cachedInstall.mts';

export interface StartOptions {
	/** Wanted ports; others are taken where these are in use. */
	port: number;
	servicePort: number;
	/** n8n's user folder, absolute. */
	folder: string;
	/** Rebuild and reload when a source changes. */
	watch: boolean;
}

/** Reads the command line; prints help or what is wrong with it, and ends the process then. */
export function readOptions(commandLine: string[]): StartOptions {
	return new Command('npm start --')
		.description(
			'Starts a real n8n that has this package, with the workflows of examples/ and credentials for a stand-in service on this machine. Ctrl-C ends all of it.',
		)
		.option('--watch', 'rebuild and reload the package when its sources change', false)
		.option('--port <number>', 'port of n8n', wholeNumber, 5678)
		.option('--service-port <number>', 'port of the stand-in service', wholeNumber, 4010)
		.option(
			'--folder <path>',
			"n8n's user folder, kept between starts; delete it to begin afresh",
			(value) => path.resolve(value),
			path.join(cacheDirectory(), 'start'),
		)
		.parse(commandLine)
		.opts<StartOptions>();
}

function wholeNumber(text: string): number {
	if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a whole number is expected');
	return Number(text);
}
