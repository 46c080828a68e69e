import type { Lab } from '../n8n/Lab.mts';
import { OWNER } from '../n8n/N8nClient.mts';
import type { ImportedExample } from './importExamples.mts';
import type { StartOptions } from './options.mts';

/** What the user has to know, now that all runs. */
export function announce(
	{ n8n, service }: Lab,
	examples: ImportedExample[],
	options: StartOptions,
): string {
	return [
		'',
		...moved('n8n', options.port, n8n.url),
		...moved('the service', options.servicePort, service.url),
		`n8n       ${n8n.url}`,
		`  sign in with   ${OWNER.email}`,
		`  password       ${OWNER.password}`,
		...examples.map(({ id, name }) => `  workflow       ${n8n.url}/workflow/${id}  ${name}`),
		`  log            ${n8n.logFile}`,
		`Service   ${service.url}`,
		'  It runs no model. A prompt can ask for a fault, e.g. [[status code=503 times=1]];',
		'  npm run service -- --faults lists them.',
		options.watch ? 'Changes of the sources are built and loaded.' : '',
		'Ctrl-C ends all of it.',
	]
		.filter((line, index) => line !== '' || index === 0)
		.join('\n');
}

function moved(what: string, wanted: number, url: string): string[] {
	const taken = Number(new URL(url).port);
	return wanted === 0 || taken === wanted
		? []
		: [`Port ${wanted} is in use; ${what} takes ${taken}.`];
}
