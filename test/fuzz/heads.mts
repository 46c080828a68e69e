import type { Random } from './random.mts';

export interface Head {
	status: number;
	headers: Record<string, string>;
}

const STATUSES = [
	200, 201, 204, 206, 301, 302, 304, 307, 400, 401, 403, 404, 408, 422, 429, 500, 503, 599, 999, 0,
	199,
];
const HEADERS: Record<string, string[]> = {
	'content-type': [
		...[
			'',
			'text/html',
			'application/json',
			'text/event-stream',
			'image/png',
			'text/plain; charset=utf-16',
		],
		...['json', 'a/b;'.repeat(500)],
	],
	'content-length': ['0', '-1', '1e9', 'many', '99999999999999999999', '12, 12'],
	location: [
		'/',
		'//',
		'http://',
		'http://127.0.0.1/x',
		'file:///etc/passwd',
		'data:,x',
		'http://a:b@c/',
		'\u0000',
		'',
	],
	'retry-after': ['-1', '1e9', 'Thu, 01 Jan 1970 00:00:00 GMT', 'soon', '9'.repeat(400), ''],
	'retry-after-ms': ['-5', 'NaN', '1.5', ''],
	'x-request-id': ['', 'x'.repeat(10_000)],
};

/** A head in which something is odd. */
export function mutatedHead({ status, headers }: Head, random: Random): Head {
	const name = random.pick(Object.keys(HEADERS));
	return {
		status: random.chance(0.5) ? random.pick(STATUSES) : status,
		headers: random.chance(0.8) ? { ...headers, [name]: random.pick(HEADERS[name] ?? []) } : {},
	};
}
